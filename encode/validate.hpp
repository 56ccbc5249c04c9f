#pragma once

#include "messages/job.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// Checks everything about a job that can be known without its input: words,
/// ranges, and pairs that no input makes possible (vp9 in mov). Codes: usage
/// for what isn't well formed, impossible_job for what cannot be; the advice
/// names what would work.
outcome<void> validate(const job_spec& spec);

/// The operation with everything decided that can be without the input. The
/// container is the user's, else the one that the output's extension names,
/// else the preset's. Other fields come from the preset where the user said
/// nothing; its quality and speed only while its codec stays, its sound only
/// where the container holds it. Without a preset the codec is what the
/// container calls for. `width`, `height` and `audio_bit_rate` stay the user's:
/// a preset's box and rate depend on the input. Only for a valid spec.
operation resolve(const job_spec& spec);

/// 1 to 10: the spec's own, else its preset's, else 5.
uint32_t effective_priority(const job_spec& spec);

/// The final paths: one per rendition with `{height}` filled in, else one.
std::vector<std::string> output_paths(const job_spec& spec);

/// Encoders that could serve the job, best first; empty when no picture is
/// encoded. The first that opens is used. Hardware only when the job names it.
std::vector<std::string> candidate_encoders(const job_spec& spec);

} // namespace troupe
