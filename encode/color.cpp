#include "encode/color.hpp"

#include <string_view>

namespace troupe {

namespace {

/// SD ends here; what is larger and unlabelled is BT.709.
constexpr uint32_t sd_width = 1280;
constexpr uint32_t sd_height = 576;

bool is_unsaid(const std::string& word) {
  return word.empty() || word == "unknown" || word == "unspecified"
         || word == "reserved";
}

bool is_full_range_format(const stream_info& stream) {
  return stream.pixel_format.starts_with("yuvj");
}

/// Pictures of still and screen codecs are full range, grey or not.
bool is_picture_codec(const stream_info& stream) {
  return stream.codec == "mjpeg" || stream.codec == "png"
         || stream.codec == "gif" || stream.codec == "bmp"
         || stream.codec == "tiff" || stream.codec == "webp";
}

/// The lines of 50 Hz television.
bool is_625_lines(const stream_info& stream) {
  return stream.height == 576 || stream.height == 288;
}

std::string guess_matrix(const stream_info& stream) {
  if (stream.rgb)
    return "gbr";
  if (is_gray(stream))
    return "bt709"; // no chroma: any will do, and this needs no work
  if (is_hdr(stream))
    return "bt2020nc";
  // JFIF fixes BT.601 for every size.
  if (stream.codec == "mjpeg")
    return "bt470bg";
  if (stream.width >= sd_width || stream.height > sd_height)
    return "bt709";
  return is_625_lines(stream) ? "bt470bg" : "smpte170m";
}

std::string guess_primaries(const stream_info& stream,
                            const std::string& matrix) {
  if (is_hdr(stream) || matrix == "bt2020nc" || matrix == "bt2020c")
    return "bt2020";
  // A labelled matrix says what else was meant; a JPEG's says nothing.
  if (stream.codec == "mjpeg")
    return "bt709";
  // Nobody converts the primaries of a picture that doesn't name them: every
  // player shows them with the screen's, and so must the result be shown.
  if (is_unsaid(stream.color.matrix))
    return "bt709";
  return matrix == "smpte170m" || matrix == "bt470bg" || matrix == "smpte240m"
             ? matrix
             : "bt709";
}

std::string guess_range(const stream_info& stream) {
  auto full = is_full_range_format(stream) || stream.rgb
              || (is_gray(stream) && is_picture_codec(stream));
  return full ? "pc" : "tv";
}

} // namespace

bool is_hdr(const stream_info& stream) {
  return stream.color.transfer == "smpte2084"
         || stream.color.transfer == "arib-std-b67";
}

bool is_gray(const stream_info& stream) {
  const auto& name = stream.pixel_format;
  return name.starts_with("gray") || name.starts_with("mono")
         || name.starts_with("ya8") || name.starts_with("ya16");
}

color_description full_color(const stream_info& stream) {
  auto result = stream.color;
  // An RGB label on YUV, or the other way round, is a lie of the container.
  if (is_unsaid(result.matrix) || stream.rgb || is_gray(stream)
      || result.matrix == "gbr")
    result.matrix = guess_matrix(stream);
  if (is_unsaid(result.primaries))
    result.primaries = guess_primaries(stream, result.matrix);
  if (!is_hdr(stream))
    result.transfer = "bt709";
  if (is_unsaid(result.range) || is_full_range_format(stream) || stream.rgb)
    result.range = guess_range(stream);
  if (is_unsaid(result.chroma_location))
    result.chroma_location = "left";
  return result;
}

color_description bt709_color() {
  return {.primaries = "bt709",
          .transfer = "bt709",
          .matrix = "bt709",
          .range = "tv",
          .chroma_location = "left"};
}

bool is_bt709(const color_description& full) {
  return full.matrix == "bt709" && full.primaries == "bt709"
         && full.transfer == "bt709" && full.range == "tv";
}

} // namespace troupe
