#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "messages/job.hpp"

namespace troupe {

/// A named set of defaults for a job. Data, compiled in: presets.cpp.
struct preset {
  std::string_view name = {};
  std::string_view summary = {}; ///< one line for --list-presets
  std::string_view codec = {};
  std::string_view container = {};
  std::string_view audio_codec = {};
  int64_t audio_bit_rate = 0; ///< for two channels, bits per second
  uint32_t priority = 5;
  /// Constant quality on the scale of the codec's first encoder; < 0: none.
  double crf = -1;
  std::string_view speed = {};
  /// The picture is fitted into this box (turned for portrait), never enlarged;
  /// 0: any size.
  uint32_t box_width = 0;
  uint32_t box_height = 0;
  /// The frame is exactly the box: fitted picture over a blurred background.
  bool fixed_frame = false;
  /// 8-bit 4:2:0 BT.709 progressive, HDR tone-mapped: what every player takes.
  bool universal = false;
};

/// All presets, in the order in which they are listed.
const std::vector<preset>& presets();

/// The preset with this name; null when there is none.
const preset* find_preset(std::string_view name);

} // namespace troupe
