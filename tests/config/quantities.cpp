#define CAF_SUITE quantities

#include "config/quantities.hpp"

#include <string>
#include <vector>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

/// The value itself: CAF's macros keep references, and what a temporary holds
/// is gone when they look.
template <class T>
T value_of(outcome<T> x) {
  return *x;
}

/// Every text must be refused, naming option, text and what is allowed.
template <class Parse>
void check_refused(Parse parse, const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    auto result = parse("--x", text);
    CAF_MESSAGE("refused? " << text);
    CAF_REQUIRE(!result);
    CAF_CHECK(result.error().code == ec::usage);
    CAF_CHECK_EQUAL(result.error().subject, "--x");
    CAF_CHECK(result.error().cause.find('"' + text + '"') == 0);
    CAF_CHECK(result.error().advice.find("allowed is ") == 0);
  }
}

} // namespace

CAF_TEST(counts are whole numbers within their limits) {
  CAF_CHECK_EQUAL(value_of(parse_count("--x", "0", 0, 10)), 0u);
  CAF_CHECK_EQUAL(value_of(parse_count("--x", "10", 0, 10)), 10u);
  check_refused(
      [](std::string_view option, std::string_view text) {
        return parse_count(option, text, 1, 10);
      },
      {"", "0", "11", "-1", "+1", " 1", "1 ", "1.0", "1e0", "0x1", "ten",
       "99999999999999999999"});
}

CAF_TEST(numbers may have a sign and decimals and nothing else) {
  CAF_CHECK_EQUAL(value_of(parse_number("--x", "23")), 23);
  CAF_CHECK_EQUAL(value_of(parse_number("--x", "17.5")), 17.5);
  CAF_CHECK_EQUAL(value_of(parse_number("--x", "-1.25")), -1.25);
  check_refused(parse_number, {"", "-", ".", "12abc", "nan", "inf", "1e3",
                               "--1", "1.2.3", "1,5", "0x10"});
}

CAF_TEST(sizes have units of 1000 or 1024) {
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "0")), 0u);
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "123456")), 123456u);
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "4GB")), 4'000'000'000u);
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "4G")), 4'000'000'000u);
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "4GiB")), uint64_t{4} << 30);
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "1.5kB")), 1500u);
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "2KiB")), 2048u);
  CAF_CHECK_EQUAL(value_of(parse_size("--x", "1TiB")), uint64_t{1} << 40);
  check_refused(parse_size, {"", "GB", "-1", "4 GB", "4GBs", "4gb", "1e9",
                             "12abc", "99999999TB", "4GB4"});
}

CAF_TEST(bit rates are above zero) {
  CAF_CHECK_EQUAL(value_of(parse_bit_rate("--x", "5M")), 5'000'000);
  CAF_CHECK_EQUAL(value_of(parse_bit_rate("--x", "2.5M")), 2'500'000);
  CAF_CHECK_EQUAL(value_of(parse_bit_rate("--x", "192k")), 192'000);
  CAF_CHECK_EQUAL(value_of(parse_bit_rate("--x", "192K")), 192'000);
  CAF_CHECK_EQUAL(value_of(parse_bit_rate("--x", "128000")), 128'000);
  check_refused(parse_bit_rate,
                {"", "0", "0k", "-5M", "5MB", "fast", "5M5", "5000G"});
}

CAF_TEST(durations are seconds unless they say otherwise) {
  CAF_CHECK_EQUAL(value_of(parse_duration("--x", "0")), 0);
  CAF_CHECK_EQUAL(value_of(parse_duration("--x", "90")), 90);
  CAF_CHECK_EQUAL(value_of(parse_duration("--x", "90s")), 90);
  CAF_CHECK_EQUAL(value_of(parse_duration("--x", "5m")), 300);
  CAF_CHECK_EQUAL(value_of(parse_duration("--x", "1.5h")), 5400);
  CAF_CHECK_EQUAL(value_of(parse_duration("--x", "500ms")), 0.5);
  check_refused(parse_duration, {"", "s", "-1", "1d", "90 s", "1:30", "1e1",
                                 "5m30s", "inf", "99999999h"});
}

CAF_TEST(patience is a duration and never nothing) {
  CAF_CHECK_EQUAL(value_of(parse_patience("--x", "90s")), 90);
  check_refused(parse_patience, {"0", "0s", "", "-1", "soon"});
}

CAF_TEST(frame rates are exact fractions) {
  auto rate = [](std::string_view text) {
    auto x = parse_frame_rate("--x", text);
    return x ? std::to_string(x->num) + '/' + std::to_string(x->den)
             : to_string(x.error());
  };
  CAF_CHECK_EQUAL(rate("25"), "25/1");
  CAF_CHECK_EQUAL(rate("12.5"), "25/2");
  CAF_CHECK_EQUAL(rate("24000/1001"), "24000/1001");
  CAF_CHECK_EQUAL(rate("23.976"), "24000/1001");
  CAF_CHECK_EQUAL(rate("29.97"), "30000/1001");
  CAF_CHECK_EQUAL(rate("59.94"), "60000/1001");
  CAF_CHECK_EQUAL(rate("1000"), "1000/1");
  check_refused(parse_frame_rate,
                {"", "0", "-25", "25fps", "1001", "24/0", "0/1", "24/-1",
                 "24000/1001/1", "/", "1/", "99999999999/1", "0.0001", "nan",
                 "25,drawtext"});
}

CAF_TEST(renditions are heights) {
  CAF_CHECK_EQUAL(value_of(parse_rendition("--x", "1080p")), 1080u);
  CAF_CHECK_EQUAL(value_of(parse_rendition("--x", "720")), 720u);
  check_refused(parse_rendition, {"", "p", "1080i", "1080pp", "0", "15",
                                  "16385", "1920x1080", "hd"});
}
