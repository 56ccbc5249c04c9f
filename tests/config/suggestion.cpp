#define CAF_SUITE suggestion

#include "config/suggestion.hpp"

#include <string>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

std::string near(std::string_view text) {
  return std::string{nearest(
      text, {"slots", "seeds", "name", "nice", "memory", "stall-timeout"})};
}

} // namespace

CAF_TEST(slips of the finger lead to the word that was meant) {
  CAF_CHECK_EQUAL(near("slot"), "slots");
  CAF_CHECK_EQUAL(near("sltos"), "slots");
  CAF_CHECK_EQUAL(near("nmae"), "name");
  CAF_CHECK_EQUAL(near("memmory"), "memory");
  CAF_CHECK_EQUAL(near("stall_timeout"), "stall-timeout");
  CAF_CHECK_EQUAL(near("stalltimout"), "stall-timeout");
}

CAF_TEST(other words lead nowhere) {
  CAF_CHECK_EQUAL(near("colour"), "");
  CAF_CHECK_EQUAL(near(""), "");
  CAF_CHECK_EQUAL(near("n"), "");
  CAF_CHECK_EQUAL(near(std::string(100'000, 's')), "");
}
