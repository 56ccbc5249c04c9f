#pragma once

#include <vector>

#include "encode/containers.hpp"
#include "encode/notes.hpp"
#include "encode/presets.hpp"
#include "messages/job.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"

namespace troupe {

/// What decides about the sound of a job. Everything outlives the planning.
struct sound_job {
  const operation& asked;    ///< by the user
  const operation& resolved; ///< see `resolve`
  const preset* chosen = nullptr;
  const media_info& media;
  const container_rules& rules;
};

/// Which audio streams go into the output and how. Each is copied where that is
/// allowed and possible, else encoded; what can be neither is noted as dropped.
/// Codes: impossible_job when --audio-codec copy meets a codec that the
/// container can't hold.
outcome<std::vector<stream_plan>> plan_sound(const sound_job& job, notes& told);

} // namespace troupe
