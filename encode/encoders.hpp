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
  std::string_view name = {};  ///< libav's
  std::string_view codec = {}; ///< ours
  bool hardware = false;
  /// Private option that takes constant quality ("crf"); "" if it has none.
  std::string_view quality_option = {};
  double default_quality = -1;
  double min_quality = 0;
  double max_quality = 0;
  bool whole_quality = false; ///< takes whole numbers only
  /// What the quality is multiplied with for the option; libav's own "qscale"
  /// counts in steps of 1/118.
  double quality_factor = 1;
  bool takes_bit_rate = true;
  /// Private option that takes the speed ("preset", "cpu-used"); "" if none.
  std::string_view speed_option = {};
  std::string_view default_speed = {};
  std::vector<std::string_view> speeds = {}; ///< every word that it takes
  /// That we use, libav's names; those with more than 8 bits in little endian.
  std::vector<std::string_view> pixel_formats = {};
  uint32_t min_width = 2;
  uint32_t min_height = 2;
  uint32_t max_width = 16384;
  uint32_t max_height = 16384;
  bool even_size = true;   ///< wants even width and height
  bool interlaced = false; ///< can code fields as such
  /// Takes full range ("pc") samples and says so in the stream.
  bool full_range = false;
  /// Carries CEA-608/708 captions of the pictures on.
  bool captions = false;
  /// Distance of key frames; 0: the encoder's own default is a sane one.
  double gop_seconds = 0;
  uint32_t max_threads = 16;
  /// Reads files of the machine when first opened (x265: NUMA maps), so it must
  /// be opened once before the sandbox closes.
  bool needs_warming = false;
  std::vector<option> options = {};         ///< always set
  std::vector<option> quality_options = {}; ///< set along with a quality
};

/// How one of libav's audio encoders is driven. Data: audio_encoders.cpp.
struct audio_encoder {
  std::string_view name = {};          ///< libav's
  std::string_view codec = {};         ///< ours
  std::string_view sample_format = {}; ///< libav's
  bool lossless = false;
  std::vector<uint32_t> sample_rates = {}; ///< that it takes; empty: any
  uint32_t max_channels = 8;
  /// That it takes, libav's names, fewest channels first; empty: any.
  std::vector<std::string_view> channel_layouts = {};
  int64_t bit_rate_per_channel = 0; ///< default, bits per second
  /// Limits per channel and sample, beyond which it refuses; 0: none.
  double min_bits_per_sample = 0;
  double max_bits_per_sample = 0;
};

const std::vector<video_encoder>& video_encoders();
const std::vector<audio_encoder>& audio_encoders();

/// By libav's name; null when it is not in our table.
const video_encoder* find_video_encoder(std::string_view name);

/// Encoders of one of our codecs, best first.
std::vector<const video_encoder*> encoders_of(std::string_view codec);

/// By our codec's name; null when there is none. PCM has one per depth; this
/// is the one of 24 bits.
const audio_encoder* find_audio_encoder(std::string_view codec);

} // namespace troupe
