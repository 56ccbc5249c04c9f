#define CAF_SUITE encoder_choice

#include "actors/encoder_choice.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

encoder_capability proved(const std::string& name, const std::string& reason) {
  encoder_capability result;
  result.name = name;
  result.works = reason.empty();
  result.reason = reason;
  return result;
}

} // namespace

CAF_TEST(a job without pictures needs no encoder) {
  encoder_choice choice{{}};
  CAF_CHECK(choice.settled());
  auto result = choice.result();
  CAF_REQUIRE(result);
  CAF_CHECK_EQUAL(result->name, "");
}

CAF_TEST(the first candidate that works is taken) {
  encoder_choice choice{{"a", "b", "c"}};
  CAF_REQUIRE(choice.next());
  CAF_CHECK_EQUAL(*choice.next(), "a");
  choice.heard("a", proved("a", "no device"));
  CAF_REQUIRE(choice.next());
  CAF_CHECK_EQUAL(*choice.next(), "b");
  choice.heard("b", proved("b", ""));
  CAF_CHECK(choice.settled());
  auto result = choice.result();
  CAF_REQUIRE(result);
  CAF_CHECK_EQUAL(result->name, "b");
}

CAF_TEST(when none works every reason is told) {
  encoder_choice choice{{"a", "b"}};
  choice.heard("a", proved("a", "no device"));
  choice.heard("b", proved("b", "no driver"));
  CAF_CHECK(choice.settled());
  auto result = choice.result();
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::encoder_unavailable);
  CAF_CHECK_EQUAL(result.error().subject, "a");
  CAF_CHECK(result.error().cause.find("a (no device), b (no driver)")
            != std::string::npos);
}

CAF_TEST(what was not asked for is not listened to) {
  encoder_choice choice{{"a", "b"}};
  choice.heard("b", proved("b", ""));
  choice.heard("a", proved("a", "no device"));
  choice.heard("a", proved("a", "no device"));
  choice.gave_up("a", {ec::session_unavailable, "x", "y", "z"});
  CAF_REQUIRE(choice.next());
  CAF_CHECK_EQUAL(*choice.next(), "b");
  choice.heard("b", proved("b", ""));
  choice.heard("b", proved("b", "gone"));
  CAF_CHECK(choice.result());
}

CAF_TEST(when nobody can try the failure is told) {
  encoder_choice choice{{"a", "b"}};
  choice.gave_up("a", {ec::session_unavailable, "x", "y", "z"});
  CAF_CHECK(choice.settled());
  CAF_REQUIRE(!choice.result());
  CAF_CHECK(choice.result().error().code == ec::session_unavailable);
}
