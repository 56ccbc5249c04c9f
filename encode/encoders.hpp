#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "messages/plan.hpp"

namespace troupe {

/// How one of libav's video encoders is driven. Data: encoders.cpp; adding an
/// encoder is adding an entry.
struct video_encoder {
  std::string_view name;  ///< libav's
  std::string_view codec; ///< ours
  bool hardware = false;
  /// Private option that takes constant quality ("crf"); "" if it has none.
  std::string_view quality_option;
  double default_quality = -1;
  double min_quality = 0;
  double max_quality = 0;
  /// Private option that takes the speed ("preset", "cpu-used"); "" if none.
  std::string_view speed_option;
  std::string_view default_speed;
  std::vector<std::string_view> speeds; ///< every word that it takes
  std::vector<std::string_view> pixel_formats; ///< that we use, libav's names
  uint32_t min_width = 2;
  uint32_t min_height = 2;
  uint32_t max_width = 16384;
  uint32_t max_height = 16384;
  bool even_size = true;  ///< wants even width and height
  bool interlaced = false; ///< can code fields as such
  uint32_t max_threads = 16;
  /// Reads files of the machine when first opened (x265: NUMA maps), so it must
  /// be opened once before the sandbox closes.
  bool needs_warming = false;
  std::vector<option> options; ///< always set
};

struct audio_encoder {
  std::string_view name;  ///< libav's
  std::string_view codec; ///< ours
  std::string_view sample_format; ///< libav's
  bool lossless = false;
  std::vector<uint32_t> sample_rates; ///< that it takes; empty: any
  uint32_t max_channels = 8;
  int64_t bit_rate_per_channel = 0; ///< default, bits per second
};

const std::vector<video_encoder>& video_encoders();
const std::vector<audio_encoder>& audio_encoders();

/// By libav's name; null when it is not in our table.
const video_encoder* find_video_encoder(std::string_view name);

/// Encoders of one of our codecs, best first.
std::vector<const video_encoder*> encoders_of(std::string_view codec);

/// By our codec's name; null when there is none.
const audio_encoder* find_audio_encoder(std::string_view codec);

} // namespace troupe
