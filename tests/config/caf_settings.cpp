#define CAF_SUITE caf_settings

#include "config/caf_settings.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

/// What CAF is told, or why not.
std::string told(const std::string& text) {
  auto entry = parse_override("caf." + text);
  CAF_REQUIRE(entry);
  auto pair = read_caf_setting(entry->key, entry->value);
  return pair ? pair->first + '=' + pair->second : to_string(pair.error());
}

} // namespace

CAF_TEST(values are written as CAF reads them) {
  CAF_CHECK_EQUAL(told("scheduler.policy=sharing"),
                  "scheduler.policy='sharing'");
  CAF_CHECK_EQUAL(told("scheduler.max-threads=4"), "scheduler.max-threads=4");
  CAF_CHECK_EQUAL(told("work-stealing.relaxed-sleep-duration=10ms"),
                  "work-stealing.relaxed-sleep-duration=10000us");
}

CAF_TEST(what would undo security or the detection of failures is refused) {
  for (auto key : {"middleman.heartbeat-interval", "openssl.key",
                   "middleman.connection-timeout",
                   "middleman.enable-automatic-connections"})
    CAF_CHECK(told(std::string{key} + "=1").starts_with("cannot be changed; "));
}

CAF_TEST(what CAF would overlook is refused) {
  CAF_CHECK_EQUAL(told("scheduler.polcy=sharing"),
                  "CAF 0.17 has no such setting here; did you mean "
                  "\"scheduler.policy\"?");
  CAF_CHECK_EQUAL(told("scheduler.policy=fair"),
                  "found \"fair\"; allowed is sharing, stealing");
  CAF_CHECK_EQUAL(told("scheduler.max-threads=0"),
                  "found 0; allowed is a whole number of 1 to 1024");
  CAF_CHECK_EQUAL(told("middleman.workers=30000"),
                  "found 30000; allowed is a whole number of 1 to 1024");
  CAF_CHECK_EQUAL(told("work-stealing.relaxed-sleep-duration=1h"),
                  "found \"1h\"; allowed is 0 to 10 seconds");
  CAF_CHECK(told("logger.verbosity=trace").starts_with("CAF 0.17 has no"));
}
