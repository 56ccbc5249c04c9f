#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/job.hpp"
#include "messages/task.hpp"

namespace troupe {

/// The task that reads what a job's input is.
/// @param encoders that the job could use, best first
task_spec probe_task(const attempt_id& attempt, const job_spec& spec,
                     const std::vector<std::string>& encoders);

/// The task that does all of a job in one go.
task_spec whole_task(const attempt_id& attempt, const job_spec& spec,
                     const encode_plan& plan);

/// What the job's task needs of a node: the roots of its paths, and an encoder
/// out of its plan, or out of its candidates as long as there is none.
/// @param rooted_paths false where the job's paths are this machine's own
task_needs needs_of(const job_spec& spec,
                    const std::optional<encode_plan>& plan, uint32_t task,
                    bool rooted_paths);

/// What a job made, out of what its one encoding task reports.
/// @param wall_s from the job's start to now
job_result result_of(const job_spec& spec, const encode_plan& plan,
                     const task_result& done, double wall_s);

} // namespace troupe
