#define CAF_SUITE node_settings

#include "config/node_settings.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

/// The setting that `check` complains about; "" when it is content.
std::string refused(const node_settings& settings) {
  auto ok = check(settings);
  if (ok)
    return "";
  CAF_CHECK(ok.error().code == ec::usage);
  CAF_CHECK(ok.error().advice.starts_with("allowed "));
  return ok.error().subject;
}

} // namespace

CAF_TEST(the defaults are possible) {
  CAF_CHECK_EQUAL(refused({}), "");
}

CAF_TEST(names are short and plain) {
  node_settings x;
  for (auto name : {"", "a b", "a/b", "\x1b", "ä"}) {
    x.name = name;
    CAF_CHECK_EQUAL(refused(x), "name");
  }
  x.name = std::string(65, 'a');
  CAF_CHECK_EQUAL(refused(x), "name");
  x.name = "rack-2.node_7";
  CAF_CHECK_EQUAL(refused(x), "");
}

CAF_TEST(numbers have their ranges) {
  node_settings x;
  x.slots = 0;
  CAF_CHECK_EQUAL(refused(x), "slots");
  x = {};
  x.threads = 1025;
  CAF_CHECK_EQUAL(refused(x), "threads");
  x = {};
  x.session.nice = -1;
  CAF_CHECK_EQUAL(refused(x), "nice");
  x = {};
  x.scheduler_threads = 0;
  CAF_CHECK_EQUAL(refused(x), "scheduler-threads");
}

CAF_TEST(a session needs some memory or no limit) {
  node_settings x;
  x.session.memory_bytes = 1 << 20;
  CAF_CHECK_EQUAL(refused(x), "memory");
  x.session.memory_bytes = 0;
  CAF_CHECK_EQUAL(refused(x), "");
}
