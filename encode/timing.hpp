#pragma once

#include <optional>
#include <string_view>

#include "messages/media.hpp"

namespace troupe {

/// When the pictures of an output are shown.
struct picture_timing {
  /// What the encoder is told, for its rate control; 0/1: not known.
  rational frame_rate;
  /// Of the encoder's timestamps.
  rational time_base;
  /// Constant rate to convert to; nothing keeps the source's own pace.
  std::optional<rational> convert_to;
  /// The wanted rate was more than the codec can show.
  bool capped = false;
};

/// Decides it. Constant rates get a clock that ticks once a frame, so that
/// rounding of the source's container is gone; all others keep the source's
/// clock, as far as the encoder can count that.
/// @param file_start_s start of the whole source: the result's zero
/// @param wanted rate that the job asks for, 0/1 if it doesn't
/// @param encoder libav's name
picture_timing decide_timing(const stream_info& stream, double file_start_s,
                             double duration_s, rational wanted,
                             std::string_view encoder);

} // namespace troupe
