#define CAF_SUITE readable

#include "nodes/readable.hpp"

#include <limits>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

CAF_TEST(sizes have one decimal from the first prefix on) {
  CAF_CHECK_EQUAL(readable_size(0), "0 B");
  CAF_CHECK_EQUAL(readable_size(999), "999 B");
  CAF_CHECK_EQUAL(readable_size(1000), "1.0 kB");
  CAF_CHECK_EQUAL(readable_size(999'940), "999.9 kB");
  CAF_CHECK_EQUAL(readable_size(999'960), "1.0 MB");
  CAF_CHECK_EQUAL(readable_size(12'258'225), "12.3 MB");
  CAF_CHECK_EQUAL(readable_size(std::numeric_limits<uint64_t>::max()),
                  "18446.7 PB");
}

CAF_TEST(bit rates read like sizes per second) {
  CAF_CHECK_EQUAL(readable_bit_rate(800), "800 b/s");
  CAF_CHECK_EQUAL(readable_bit_rate(128'000), "128.0 kb/s");
  CAF_CHECK_EQUAL(readable_bit_rate(5'200'000), "5.2 Mb/s");
  CAF_CHECK_EQUAL(readable_bit_rate(-1), "0 b/s");
}

CAF_TEST(clocks show hours only when there are some) {
  CAF_CHECK_EQUAL(readable_clock(0), "0:00");
  CAF_CHECK_EQUAL(readable_clock(59.9), "0:59");
  CAF_CHECK_EQUAL(readable_clock(754), "12:34");
  CAF_CHECK_EQUAL(readable_clock(3723), "1:02:03");
  CAF_CHECK_EQUAL(readable_clock(infinity), "0:00");
  CAF_CHECK_EQUAL(readable_clock(not_a_number), "0:00");
  CAF_CHECK_EQUAL(readable_clock(-5), "0:00");
}

CAF_TEST(durations show milliseconds) {
  CAF_CHECK_EQUAL(readable_duration(5.25), "0:05.250");
  CAF_CHECK_EQUAL(readable_duration(59.9996), "1:00.000");
  CAF_CHECK_EQUAL(readable_duration(3723.004), "1:02:03.004");
}

CAF_TEST(numbers show no needless zeros) {
  CAF_CHECK_EQUAL(readable_number(25), "25");
  CAF_CHECK_EQUAL(readable_number(24000.0 / 1001), "23.976");
  CAF_CHECK_EQUAL(readable_number(12.5), "12.5");
  CAF_CHECK_EQUAL(readable_number(100), "100");
  CAF_CHECK_EQUAL(readable_number(0), "0");
}

CAF_TEST(counts have a comma per thousand) {
  CAF_CHECK_EQUAL(readable_count(0), "0");
  CAF_CHECK_EQUAL(readable_count(999), "999");
  CAF_CHECK_EQUAL(readable_count(1000), "1,000");
  CAF_CHECK_EQUAL(readable_count(12'258'225), "12,258,225");
}

CAF_TEST(times are ISO 8601 in UTC with milliseconds) {
  CAF_CHECK_EQUAL(iso_time(0), "1970-01-01T00:00:00.000Z");
  CAF_CHECK_EQUAL(iso_time(1'709'210'096'007), "2024-02-29T12:34:56.007Z");
  CAF_CHECK_EQUAL(iso_time(1'798'761'599'999), "2026-12-31T23:59:59.999Z");
}
