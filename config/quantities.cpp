#include "config/quantities.hpp"

#include <charconv>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>

namespace troupe {

namespace {

failure refuse(std::string_view option, std::string_view text,
               std::string_view what, std::string allowed) {
  return {ec::usage, std::string{option},
          "\"" + std::string{text} + "\" is no " + std::string{what},
          "allowed is " + std::move(allowed)};
}

/// A number and the word right behind it.
struct measured {
  double value = 0;
  std::string_view unit;
};

/// Digits, at most one point, no exponent, no sign: "1e3" and "0x10" are more
/// likely mistakes than wishes.
std::optional<measured> split(std::string_view text) {
  auto end = text.find_first_not_of("0123456789.");
  auto digits = text.substr(0, end);
  double value = 0;
  auto [rest, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value,
                      std::chars_format::fixed);
  if (error != std::errc{} || rest != digits.data() + digits.size())
    return std::nullopt;
  return measured{value, end == std::string_view::npos ? std::string_view{}
                                                       : text.substr(end)};
}

/// What one of a unit counts for.
struct unit {
  std::string_view name;
  double factor;
};

template <size_t Size>
std::optional<double> apply(const measured& x, const unit (&units)[Size]) {
  for (const auto& candidate : units)
    if (candidate.name == x.unit)
      return x.value * candidate.factor;
  return std::nullopt;
}

constexpr double kibi = 1024;

constexpr unit sizes[] = {
    {"", 1},
    {"B", 1},
    {"k", 1e3},
    {"K", 1e3},
    {"kB", 1e3},
    {"KB", 1e3},
    {"KiB", kibi},
    {"M", 1e6},
    {"MB", 1e6},
    {"MiB", kibi* kibi},
    {"G", 1e9},
    {"GB", 1e9},
    {"GiB", kibi* kibi* kibi},
    {"T", 1e12},
    {"TB", 1e12},
    {"TiB", kibi* kibi* kibi* kibi},
};

constexpr unit bit_rates[] = {
    {"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9},
};

constexpr unit durations[] = {
    {"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"min", 60}, {"h", 3600},
};

/// The rates of NTSC and what came after it, as their decimals are written.
struct named_rate {
  std::string_view text;
  rational rate;
};

constexpr named_rate ntsc_rates[] = {
    {"23.976", {24000, 1001}},  {"23.98", {24000, 1001}},
    {"29.97", {30000, 1001}},   {"47.952", {48000, 1001}},
    {"47.95", {48000, 1001}},   {"59.94", {60000, 1001}},
    {"119.88", {120000, 1001}},
};

constexpr double max_frame_rate = 1000;

std::optional<rational> fraction(std::string_view text) {
  auto slash = text.find('/');
  rational x;
  auto whole = [](std::string_view part, int32_t& to) {
    auto end = part.data() + part.size();
    auto [rest, error] = std::from_chars(part.data(), end, to);
    return error == std::errc{} && rest == end && to > 0;
  };
  if (!whole(text.substr(0, slash), x.num)
      || !whole(text.substr(slash + 1), x.den))
    return std::nullopt;
  return x;
}

/// Exact to a thousandth, which is finer than any rate that people write.
std::optional<rational> decimal(std::string_view text) {
  auto parts = split(text);
  if (!parts || !parts->unit.empty() || parts->value > max_frame_rate)
    return std::nullopt;
  auto num = static_cast<int32_t>(std::lround(parts->value * 1000));
  auto divisor = std::gcd(num, 1000);
  return num > 0 ? std::optional{rational{num / divisor, 1000 / divisor}}
                 : std::nullopt;
}

} // namespace

outcome<uint64_t> parse_count(std::string_view option, std::string_view text,
                              uint64_t low, uint64_t high) {
  uint64_t value = 0;
  auto end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && rest == end && value >= low && value <= high)
    return value;
  return refuse(option, text, "number that fits",
                std::to_string(low) + " to " + std::to_string(high));
}

outcome<double> parse_number(std::string_view option, std::string_view text) {
  auto negative = text.starts_with('-');
  auto parts = split(text.substr(negative ? 1 : 0));
  if (!parts || !parts->unit.empty())
    return refuse(option, text, "number", "a number such as 23 or 17.5");
  return negative ? -parts->value : parts->value;
}

outcome<uint64_t> parse_size(std::string_view option, std::string_view text) {
  // Twice this would not fit into the signed file offsets of the system.
  constexpr double max_size = 4e18;
  if (auto parts = split(text))
    if (auto bytes = apply(*parts, sizes); bytes && *bytes <= max_size)
      return static_cast<uint64_t>(std::llround(*bytes));
  return refuse(option, text, "size",
                "a number with B, kB, MB, GB, TB (powers of 1000) or KiB, "
                "MiB, GiB, TiB (of 1024) behind it, such as 4GB");
}

outcome<int64_t> parse_bit_rate(std::string_view option,
                                std::string_view text) {
  constexpr double max_bit_rate = 1e12;
  if (auto parts = split(text))
    if (auto rate = apply(*parts, bit_rates);
        rate && *rate >= 1 && *rate <= max_bit_rate)
      return static_cast<int64_t>(std::llround(*rate));
  return refuse(option, text, "bit rate",
                "bits per second above 0, such as 192k, 5M or 128000");
}

outcome<double> parse_duration(std::string_view option, std::string_view text) {
  // Ten years; the clocks that count it down can't overflow.
  constexpr double max_duration_s = 10 * 365 * 86400.0;
  if (auto parts = split(text))
    if (auto seconds = apply(*parts, durations);
        seconds && *seconds <= max_duration_s)
      return *seconds;
  return refuse(option, text, "duration",
                "seconds, or a number with ms, s, m or h behind it, such as "
                "90s or 5m");
}

outcome<double> parse_patience(std::string_view option, std::string_view text) {
  auto seconds = parse_duration(option, text);
  if (!seconds || *seconds > 0)
    return seconds;
  return refuse(option, text, "time to wait", "more than 0 seconds");
}

outcome<rational> parse_frame_rate(std::string_view option,
                                   std::string_view text) {
  for (const auto& known : ntsc_rates)
    if (known.text == text)
      return known.rate;
  auto rate =
      text.find('/') == std::string_view::npos ? decimal(text) : fraction(text);
  if (rate && to_double(*rate) <= max_frame_rate)
    return *rate;
  return refuse(option, text, "frame rate",
                "above 0 to 1000 frames per second, such as 25, 23.976 or "
                "24000/1001");
}

outcome<uint32_t> parse_rendition(std::string_view option,
                                  std::string_view text) {
  constexpr uint32_t min_height = 16;
  constexpr uint32_t max_height = 16384;
  auto digits = text.ends_with('p') ? text.substr(0, text.size() - 1) : text;
  if (auto height = parse_count(option, digits, min_height, max_height))
    return static_cast<uint32_t>(*height);
  return refuse(option, text, "rendition",
                "a height in lines of 16 to 16384, such as 1080p or 720");
}

} // namespace troupe
