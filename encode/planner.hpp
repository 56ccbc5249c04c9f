#pragma once

#include <cstdint>

#include "messages/job.hpp"
#include "messages/media.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"
#include "messages/profile.hpp"

namespace troupe {

/// What the planner must know besides the job and its input.
struct planning_context {
  /// Proved encoder for the pictures; name empty when none is needed.
  encoder_capability encoder;
  /// Threads for the encoder; becomes part of the plan, so that a retry gives
  /// the same bytes wherever it runs. At least 1.
  uint32_t threads = 1;
};

/// Decides everything about the job: which streams go where and how. A pure
/// function: the same arguments give the same plan. Codes: bad_input when the
/// input has nothing to encode, impossible_job when input and job don't fit.
/// @param spec a job that `validate` took
outcome<encode_plan> make_plan(const job_spec& spec, const media_info& media,
                               const planning_context& context);

} // namespace troupe
