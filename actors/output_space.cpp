#include "actors/output_space.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace troupe {

namespace {

constexpr uint64_t least_bytes = uint64_t{64} << 20;
/// Longer or faster than any media: beyond it a product is no estimate.
constexpr double most_bytes = 1e15;

/// Bits per second of all streams; nothing when one isn't known.
std::optional<double> bit_rate_of(const output_plan& plan) {
  double result = 0;
  for (const auto& stream : plan.streams) {
    // Text weighs nothing beside picture and sound.
    if (stream.kind != stream_kind::video && stream.kind != stream_kind::audio)
      continue;
    auto rate = stream.kind == stream_kind::video ? stream.video.bit_rate
                                                  : stream.audio.bit_rate;
    if (stream.action != stream_action::encode || rate <= 0)
      return std::nullopt;
    result += static_cast<double>(rate);
  }
  return result;
}

/// "1.5 GiB".
std::string in_gib(uint64_t bytes) {
  auto tenths = bytes / ((uint64_t{1} << 30) / 10);
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10)
         + " GiB";
}

} // namespace

uint64_t estimated_bytes(const output_plan& plan, double duration_s,
                         uint64_t source_bytes) {
  auto rate = bit_rate_of(plan);
  if (rate && *rate > 0 && duration_s > 0)
    return static_cast<uint64_t>(std::min(*rate / 8 * duration_s, most_bytes));
  return std::max(least_bytes, source_bytes / 10);
}

outcome<void> check_space(const std::string& path, uint64_t needed_bytes,
                          uint64_t free_bytes) {
  if (free_bytes >= needed_bytes)
    return {};
  return failure{ec::disk_full, path,
                 in_gib(free_bytes) + " are free, but about "
                     + in_gib(needed_bytes) + " will be needed",
                 "free space on its disk"};
}

} // namespace troupe
