#define CAF_SUITE state

#include <set>

#include <caf/test/unit_test.hpp>

#include "messages/job.hpp"

using namespace troupe;

CAF_TEST(every state and kind has a name of its own) {
  std::set<std::string_view> names;
  for (uint8_t i = 1; i <= 9; ++i)
    names.insert(to_string(static_cast<job_state>(i)));
  CAF_CHECK_EQUAL(names.size(), 9u);
  CAF_CHECK_EQUAL(names.count("unknown"), 0u);
  names.clear();
  for (uint8_t i = 1; i <= 5; ++i)
    names.insert(to_string(static_cast<task_state>(i)));
  CAF_CHECK_EQUAL(names.size(), 5u);
  CAF_CHECK_EQUAL(names.count("unknown"), 0u);
  CAF_CHECK(to_string(task_kind::probe) != to_string(task_kind::whole));
}

CAF_TEST(nothing follows completed and failed and cancelled) {
  for (uint8_t i = 1; i <= 9; ++i) {
    auto state = static_cast<job_state>(i);
    auto expected = state == job_state::completed || state == job_state::failed
                    || state == job_state::cancelled;
    CAF_CHECK_EQUAL(is_final(state), expected);
  }
}

CAF_TEST(values from a newer version are unknown) {
  CAF_CHECK_EQUAL(std::string{to_string(static_cast<job_state>(99))},
                  "unknown");
  CAF_CHECK_EQUAL(std::string{to_string(static_cast<task_state>(99))},
                  "unknown");
  CAF_CHECK_EQUAL(std::string{to_string(static_cast<task_kind>(99))},
                  "unknown");
}
