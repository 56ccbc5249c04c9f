#define CAF_SUITE failure

#include "messages/failure.hpp"

#include <string>
#include <vector>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

std::vector<ec> all_codes() {
  std::vector<ec> result;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(ec::internal); ++i)
    result.push_back(static_cast<ec>(i));
  return result;
}

} // namespace

CAF_TEST(every code has a name of its own that reads back) {
  for (auto code : all_codes()) {
    CAF_CHECK_NOT_EQUAL(std::string{to_string(code)}, "unknown");
    CAF_CHECK(ec_from_string(to_string(code)) == code);
  }
}

CAF_TEST(a code from a newer version is unknown) {
  CAF_CHECK_EQUAL(std::string{to_string(static_cast<ec>(250))}, "unknown");
  CAF_CHECK_EQUAL(exit_status(static_cast<ec>(250)), 1);
  CAF_CHECK(ec_from_string("no_such_code") == ec::none);
}

CAF_TEST(a failure reads as subject and cause and advice) {
  CAF_CHECK_EQUAL(
      to_string(failure{ec::no_input, "a.mkv", "not there", "check the path"}),
      "a.mkv: not there; check the path");
}

CAF_TEST(empty parts of a failure leave no punctuation) {
  CAF_CHECK_EQUAL(to_string(failure{ec::stalled, "", "no frame", ""}),
                  "no frame");
  CAF_CHECK_EQUAL(to_string(failure{ec::stalled, "a", "", "retry"}),
                  "a; retry");
  CAF_CHECK_EQUAL(to_string(failure{ec::stalled, "", "", ""}), "stalled");
}

CAF_TEST(exit statuses follow sysexits where that says more than 1) {
  CAF_CHECK_EQUAL(exit_status(ec::none), 0);
  CAF_CHECK_EQUAL(exit_status(ec::usage), 64);
  CAF_CHECK_EQUAL(exit_status(ec::bad_input), 65);
  CAF_CHECK_EQUAL(exit_status(ec::impossible_job), 65);
  CAF_CHECK_EQUAL(exit_status(ec::no_input), 66);
  CAF_CHECK_EQUAL(exit_status(ec::encoder_unavailable), 69);
  CAF_CHECK_EQUAL(exit_status(ec::worker_lost), 69);
  CAF_CHECK_EQUAL(exit_status(ec::output_exists), 73);
  CAF_CHECK_EQUAL(exit_status(ec::cannot_create), 73);
  CAF_CHECK_EQUAL(exit_status(ec::disk_full), 73);
  CAF_CHECK_EQUAL(exit_status(ec::cancelled), 130);
  CAF_CHECK_EQUAL(exit_status(ec::session_crashed), 1);
}
