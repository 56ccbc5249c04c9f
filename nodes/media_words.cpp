#include "nodes/media_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include <spdlog/fmt/fmt.h>

namespace troupe {

namespace {

/// In steps of 1/`scale`, as HEVC's own message counts. The numbers come out
/// of the file; nonsense shows as nonsense, but never overflows.
uint64_t steps(double value, double scale) {
  if (!std::isfinite(value))
    return 0;
  return static_cast<uint64_t>(
      std::llround(std::clamp(value, 0.0, 1e9) * scale));
}

} // namespace

std::string_view kind_words(stream_kind kind) {
  switch (kind) {
    case stream_kind::video:
      return "video";
    case stream_kind::audio:
      return "audio";
    case stream_kind::subtitle:
      return "subtitle";
    case stream_kind::attachment:
      return "attachment";
    case stream_kind::data:
      return "data";
  }
  return "unknown";
}

std::string fraction_words(rational x) {
  return fmt::format("{}/{}", x.num, x.den);
}

std::string sample_aspect_words(const stream_info& stream) {
  auto [num, den] = stream.sample_aspect;
  return num > 0 && den > 0 ? fmt::format("{}:{}", num, den) : "";
}

std::string display_aspect_words(const stream_info& stream) {
  auto [num, den] = stream.sample_aspect;
  if (num <= 0 || den <= 0 || stream.width == 0 || stream.height == 0)
    return "";
  // 32 bits times 32 bits: fits.
  auto width = static_cast<uint64_t>(num) * stream.width;
  auto height = static_cast<uint64_t>(den) * stream.height;
  auto divisor = std::gcd(width, height);
  return fmt::format("{}:{}", width / divisor, height / divisor);
}

int rotation_degrees(orientation turn) {
  switch (turn) {
    case orientation::rotate_90:
    case orientation::mirror_rotate_90:
      return 90;
    case orientation::rotate_180:
    case orientation::mirror_rotate_180:
      return 180;
    case orientation::rotate_270:
    case orientation::mirror_rotate_270:
      return 270;
    case orientation::upright:
    case orientation::mirror:
    case orientation::other:
      return 0;
  }
  return 0;
}

bool is_mirrored(orientation turn) {
  return turn == orientation::mirror || turn == orientation::mirror_rotate_90
         || turn == orientation::mirror_rotate_180
         || turn == orientation::mirror_rotate_270;
}

std::string orientation_words(orientation turn) {
  if (turn == orientation::other)
    return "turned in a way of its own";
  auto degrees = rotation_degrees(turn);
  auto turned = degrees == 0 ? std::string{}
                             : fmt::format("turned by {} degrees", degrees);
  if (!is_mirrored(turn))
    return turned;
  return turned.empty() ? "mirrored" : "mirrored, then " + turned;
}

std::string field_order_words(std::string_view field_order) {
  if (field_order == "tff")
    return "interlaced, top field first";
  if (field_order == "bff")
    return "interlaced, bottom field first";
  return std::string{field_order};
}

std::string mastering_words(const hdr_metadata& hdr) {
  if (!hdr.has_mastering || hdr.primaries.size() != 8)
    return "";
  constexpr double chromaticity_steps = 50000;
  constexpr double luminance_steps = 10000;
  auto point = [&](size_t i) {
    return fmt::format("({},{})", steps(hdr.primaries[i], chromaticity_steps),
                       steps(hdr.primaries[i + 1], chromaticity_steps));
  };
  return fmt::format("G{}B{}R{}WP{}L({},{})", point(2), point(4), point(0),
                     point(6), steps(hdr.max_luminance, luminance_steps),
                     steps(hdr.min_luminance, luminance_steps));
}

} // namespace troupe
