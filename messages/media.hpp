#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// A fraction as libav and the containers use it; 0/1 means "not known".
struct rational {
  int32_t num = 0;
  int32_t den = 1;

  friend bool operator==(const rational&, const rational&) = default;
};

/// The fraction as a number; 0 when it is not known.
inline double to_double(rational x) {
  return x.den == 0 ? 0.0 : static_cast<double>(x.num) / x.den;
}

enum class stream_kind : uint8_t {
  video = 1,
  audio = 2,
  subtitle = 3,
  attachment = 4,
  data = 5,
};

/// A key and a value of a container's or stream's metadata, as found.
struct tag {
  std::string key;
  std::string value;

  friend bool operator==(const tag&, const tag&) = default;
};

/// How colours are coded, in libav's names ("bt709", "smpte2084", "tv");
/// an empty string means that the stream doesn't say.
struct color_description {
  std::string primaries;
  std::string transfer;
  std::string matrix;
  std::string range; ///< "tv" (limited) or "pc" (full)
  std::string chroma_location;

  friend bool operator==(const color_description&,
                         const color_description&) = default;
};

/// Mastering display colour volume (SMPTE ST 2086) and content light level
/// (CTA-861.3) of HDR10 material.
struct hdr_metadata {
  bool has_mastering = false;
  /// Chromaticities of red, green, blue and white: x, y each, 0 to 1.
  std::vector<double> primaries; ///< eight numbers when has_mastering
  double min_luminance = 0;      ///< cd/m2
  double max_luminance = 0;      ///< cd/m2
  bool has_light_level = false;
  uint32_t max_cll = 0;  ///< cd/m2, brightest pixel
  uint32_t max_fall = 0; ///< cd/m2, brightest frame average

  friend bool operator==(const hdr_metadata&, const hdr_metadata&) = default;
};

/// How a decoded picture must be turned for showing: the eight symmetries of a
/// rectangle. `other` stands for a matrix that is none of them.
enum class orientation : uint8_t {
  upright = 0,
  rotate_90 = 1,         ///< turn clockwise by 90 degrees
  rotate_180 = 2,        ///< turn by 180 degrees
  rotate_270 = 3,        ///< turn counter-clockwise by 90 degrees
  mirror = 4,            ///< flip left and right
  mirror_rotate_90 = 5,  ///< flip left and right, then turn clockwise by 90
  mirror_rotate_180 = 6, ///< flip top and bottom
  mirror_rotate_270 = 7, ///< flip left and right, then counter-clockwise by 90
  other = 8,
};

/// What one stream of a file is. Fields of another kind than the stream's stay
/// at their defaults.
struct stream_info {
  uint32_t index = 0;
  stream_kind kind = stream_kind::data;
  std::string codec; ///< libav's name: "h264", "aac", "subrip"; may be "none"
  std::string profile;
  bool decodable = false; ///< a decoder exists and its parameters are complete
  std::vector<tag> tags;
  std::vector<std::string> dispositions; ///< libav's names: "default", "forced"
  rational time_base;
  double start_s = 0;    ///< of the first presented frame, file's own clock
  double duration_s = 0; ///< 0 when not known
  int64_t bit_rate = 0;  ///< bits per second, 0 when not known
  int64_t frames = 0;    ///< as the container says, 0 when it doesn't
  std::vector<std::string> side_data; ///< names of what else it carries

  // video
  uint32_t width = 0;     ///< stored pixels, before orientation
  uint32_t height = 0;    ///< stored pixels, before orientation
  rational sample_aspect; ///< 0/1 when the stream doesn't say
  std::string pixel_format;
  uint32_t bit_depth = 0; ///< per component
  bool rgb = false;       ///< RGB or palette instead of YUV
  bool alpha = false;
  rational frame_rate;      ///< average
  rational base_frame_rate; ///< lowest rate on which all timestamps fall
  /// Timestamps were seen to fall on multiples of 1/frame_rate.
  bool constant_rate = false;
  /// "progressive", "tff" (top field shown first), "bff", or "" when not known.
  std::string field_order;
  color_description color;
  hdr_metadata hdr;
  bool dolby_vision = false;
  bool closed_captions = false;
  orientation turn = orientation::upright;
  bool attached_picture = false; ///< cover art: one picture, no timeline

  // audio
  uint32_t sample_rate = 0;
  uint32_t channels = 0;
  std::string channel_layout; ///< libav's name: "stereo", "5.1(side)"
  std::string sample_format;
  uint32_t bits_per_sample = 0; ///< of the coded samples, 0 for lossy codecs

  // subtitle
  bool image_based = false; ///< pictures (PGS, DVD), not text

  // attachment
  std::string file_name;
  std::string mime_type;
};

struct chapter {
  double start_s = 0;
  double end_s = 0;
  std::vector<tag> tags;
};

/// What a file is, as one look at its head and index says.
struct media_info {
  std::string format;      ///< libav's name of the demuxer: "mov,mp4,..."
  std::string format_name; ///< for people: "QuickTime / MOV"
  uint64_t size_bytes = 0;
  double start_s = 0;
  double duration_s = 0; ///< 0 when not known
  int64_t bit_rate = 0;  ///< bits per second over all streams, 0 if not known
  std::vector<tag> tags;
  std::vector<chapter> chapters;
  std::vector<stream_info> streams;
  int32_t best_video = -1; ///< index of the stream, -1 when there is none
  int32_t best_audio = -1; ///< index of the stream, -1 when there is none
  /// What libav said while opening: damage that did not stop it.
  std::vector<std::string> warnings;
};

/// The value of `key` in `tags`, compared without case; "" when absent.
std::string tag_value(const std::vector<tag>& tags, const std::string& key);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, rational& x) {
  return f(x.num, x.den);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, tag& x) {
  return f(x.key, x.value);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, color_description& x) {
  return f(x.primaries, x.transfer, x.matrix, x.range, x.chroma_location);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hdr_metadata& x) {
  return f(x.has_mastering, x.primaries, x.min_luminance, x.max_luminance,
           x.has_light_level, x.max_cll, x.max_fall);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stream_info& x) {
  return f(x.index, x.kind, x.codec, x.profile, x.decodable, x.tags,
           x.dispositions, x.time_base, x.start_s, x.duration_s, x.bit_rate,
           x.frames, x.side_data, x.width, x.height, x.sample_aspect,
           x.pixel_format, x.bit_depth, x.rgb, x.alpha, x.frame_rate,
           x.base_frame_rate, x.constant_rate, x.field_order, x.color, x.hdr,
           x.dolby_vision, x.closed_captions, x.turn, x.attached_picture,
           x.sample_rate, x.channels, x.channel_layout, x.sample_format,
           x.bits_per_sample, x.image_based, x.file_name, x.mime_type);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, chapter& x) {
  return f(x.start_s, x.end_s, x.tags);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, media_info& x) {
  return f(x.format, x.format_name, x.size_bytes, x.start_s, x.duration_s,
           x.bit_rate, x.tags, x.chapters, x.streams, x.best_video,
           x.best_audio, x.warnings);
}

} // namespace troupe
