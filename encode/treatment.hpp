#pragma once

#include "encode/encoders.hpp"
#include "encode/notes.hpp"
#include "encode/planner.hpp"
#include "encode/presets.hpp"
#include "encode/timing.hpp"

namespace troupe {

/// What decides about the pictures of a job. Everything outlives the planning.
struct picture_job {
  const operation& asked;    ///< by the user
  const operation& resolved; ///< see `resolve`
  const preset* chosen = nullptr;
  const media_info& media;
  const stream_info& stream;
  const video_encoder& encoder;
  const planning_context& context;
};

/// How colours are brought to what the result is labelled as.
enum class color_way { as_is, to_bt709, tone_map };

/// How the pictures are treated whatever their size: the same for all
/// renditions.
struct treatment {
  bool deinterlace = false;
  std::string fields; ///< "tff" or "bff" when coded as fields, else ""
  orientation turn = orientation::upright;
  picture_timing timing;
  color_way color = color_way::as_is;
  color_description from;  ///< full; for the ways that convert
  color_description label; ///< of the result
  std::string pixel_format;
  bool keep_hdr = false;
};

/// Decides it, and notes what is lost by it.
treatment decide_treatment(const picture_job& job, notes& told);

} // namespace troupe
