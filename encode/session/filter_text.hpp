#pragma once

#include <string>
#include <vector>

#include "messages/plan.hpp"

namespace troupe::session {

/// The picture as it stands between two steps.
struct picture_shape {
  uint32_t width = 0;
  uint32_t height = 0;
  rational sample_aspect;
  bool rgb = false;
  uint32_t bit_depth = 8;
  std::string chroma; ///< "420", "422" or "444"
};

/// Writes a filter graph in libav's language: one input "in", outputs "out0",
/// "out1", ... All text is ours; from the plan come numbers and words that this
/// function knows. A word that it doesn't know is replaced by BT.709's.
/// @param source the picture as the decoder gives it now
/// @param planned its size when the plan was made; a stream that changes size
///                in its middle is scaled back to it first
std::string filter_text(const picture_shape& source, uint32_t planned_width,
                        uint32_t planned_height,
                        const std::vector<filter_step>& common,
                        const std::vector<const video_encode*>& outputs);

} // namespace troupe::session
