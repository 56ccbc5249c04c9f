#include "nodes/readable.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <string_view>

#include <spdlog/fmt/fmt.h>

namespace troupe {

namespace {

/// Finite, not negative, and small enough for the integers that follow.
double sane(double value) {
  return std::isfinite(value) ? std::clamp(value, 0.0, 1e15) : 0.0;
}

/// `value` with the largest prefix that leaves a number of 1 or more; one
/// digit after the point, none before any prefix.
template <size_t Size>
std::string scaled(double value,
                   const std::array<std::string_view, Size>& units) {
  size_t i = 0;
  // 999.95 would show as 1000.0.
  while (value >= (i == 0 ? 999.5 : 999.95) && i + 1 < units.size()) {
    value /= 1000;
    ++i;
  }
  return fmt::format("{:.{}f} {}", value, i == 0 ? 0 : 1, units[i]);
}

} // namespace

std::string readable_size(uint64_t bytes) {
  static constexpr std::array<std::string_view, 6> units = {"B",  "kB", "MB",
                                                            "GB", "TB", "PB"};
  return scaled(static_cast<double>(bytes), units);
}

std::string readable_bit_rate(int64_t bits_per_second) {
  static constexpr std::array<std::string_view, 4> units = {"b/s", "kb/s",
                                                            "Mb/s", "Gb/s"};
  return scaled(sane(static_cast<double>(bits_per_second)), units);
}

std::string readable_clock(double seconds) {
  auto whole = static_cast<uint64_t>(sane(seconds));
  auto minutes = whole / 60 % 60;
  if (auto hours = whole / 3600; hours > 0)
    return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string readable_duration(double seconds) {
  auto ms = static_cast<uint64_t>(std::llround(sane(seconds) * 1000));
  auto whole = ms / 1000;
  return fmt::format("{}.{:03}", readable_clock(static_cast<double>(whole)),
                     ms % 1000);
}

std::string readable_number(double value) {
  auto text = fmt::format("{:.3f}", sane(value));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

std::string readable_count(uint64_t value) {
  auto text = std::to_string(value);
  for (auto i = text.size(); i > 3; i -= 3)
    text.insert(i - 3, 1, ',');
  return text;
}

std::string iso_time(uint64_t unix_ms) {
  auto seconds = static_cast<time_t>(unix_ms / 1000);
  tm parts{};
  // Fails only for years that don't fit into an int.
  if (gmtime_r(&seconds, &parts) == nullptr)
    return "1970-01-01T00:00:00.000Z";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec, unix_ms % 1000);
}

} // namespace troupe
