#include "encode/pixel_format.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace troupe {

namespace {

bool contains_any(const std::string& name,
                  std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(
      parts, [&](auto part) { return name.find(part) != std::string::npos; });
}

chroma chroma_of(const std::string& name) {
  if (contains_any(name, {"444", "440", "gbr", "nv24", "nv42", "p41", "vuy",
                          "xv3", "ayuv"}))
    return chroma::full;
  if (contains_any(
          name, {"422", "yuyv", "uyvy", "yvyu", "nv16", "nv20", "p21", "y21"}))
    return chroma::half_width;
  return chroma::half_both;
}

uint32_t depth_of(const std::string& name) {
  for (uint32_t depth : {16, 14, 12, 10, 9})
    if (contains_any(name, {"p" + std::to_string(depth)}))
      return depth;
  return 8;
}

/// Bits lost weigh most, then chroma; what is more than needed costs a little,
/// so that the nearest wins.
int distance(const pixel_shape& wanted, const pixel_shape& offered) {
  auto bits = static_cast<int>(offered.depth) - static_cast<int>(wanted.depth);
  auto color = static_cast<int>(offered.color) - static_cast<int>(wanted.color);
  return (bits < 0 ? -1000 * bits : 10 * bits)
         + (color < 0 ? -100 * color : 2 * color)
         + (wanted.alpha && !offered.alpha ? 1 : 0)
         + (!wanted.alpha && offered.alpha ? 5 : 0);
}

std::vector<std::string>
usable_formats(const video_encoder& encoder,
               const std::vector<std::string>& proven) {
  std::vector<std::string> result;
  for (auto name : encoder.pixel_formats)
    if (std::ranges::find(proven, name) != proven.end())
      result.emplace_back(name);
  if (result.empty())
    result.assign(encoder.pixel_formats.begin(), encoder.pixel_formats.end());
  return result;
}

bool is_full_range_alias(const std::string& name) {
  return name.starts_with("yuvj");
}

} // namespace

pixel_shape shape_of_format(const std::string& name) {
  return {chroma_of(name), depth_of(name), name.starts_with("yuva")};
}

pixel_shape shape_of_stream(const stream_info& stream) {
  auto result = shape_of_format(stream.pixel_format);
  if (stream.bit_depth > 0)
    result.depth = stream.bit_depth;
  result.alpha = stream.alpha;
  if (stream.rgb)
    result.color = chroma::full;
  return result;
}

std::string to_string(chroma color) {
  static constexpr std::array names{"4:2:0", "4:2:2", "4:4:4"};
  return names[static_cast<size_t>(color)];
}

std::string nearest_format(const video_encoder& encoder,
                           const std::vector<std::string>& proven,
                           const stream_info& stream) {
  auto formats = usable_formats(encoder, proven);
  if (std::ranges::find(formats, stream.pixel_format) != formats.end())
    return stream.pixel_format;
  auto wanted = shape_of_stream(stream);
  auto has_small = std::ranges::any_of(formats, [](const auto& name) {
    return shape_of_format(name).color == chroma::half_both;
  });
  if (stream.rgb && has_small)
    wanted.color = chroma::half_both;
  std::string best;
  auto least = std::numeric_limits<int>::max();
  for (const auto& name : formats) {
    auto cost = distance(wanted, shape_of_format(name));
    if (cost < least && !is_full_range_alias(name)) {
      least = cost;
      best = name;
    }
  }
  return best;
}

uint32_t deepest(const video_encoder& encoder) {
  uint32_t result = 0;
  for (auto name : encoder.pixel_formats)
    result = std::max(result, shape_of_format(std::string{name}).depth);
  return result;
}

} // namespace troupe
