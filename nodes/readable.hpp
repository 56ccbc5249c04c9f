#pragma once

#include <cstdint>
#include <string>

#include "messages/media.hpp"

/// Quantities as people read them. Numbers that are not finite show as 0.
namespace troupe {

/// "0 B", "999 B", "1.5 kB", "12.3 MB", "4.0 GB": powers of 1000.
std::string readable_size(uint64_t bytes);

/// "128 kb/s", "5.2 Mb/s".
std::string readable_bit_rate(int64_t bits_per_second);

/// "0:05", "12:34", "1:02:03": whole seconds, for clocks that run.
std::string readable_clock(double seconds);

/// "0:05.250", "1:02:03.004": with milliseconds, for durations that are known.
std::string readable_duration(double seconds);

/// "25", "23.976", "29.97": at most three digits after the point.
std::string readable_number(double value);

/// "12,258,225".
std::string readable_count(uint64_t value);

/// Unix milliseconds as ISO 8601 in UTC: "2026-01-31T23:59:59.250Z".
std::string iso_time(uint64_t unix_ms);

} // namespace troupe
