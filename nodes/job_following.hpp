#pragma once

#include <functional>
#include <vector>

#include "messages/job.hpp"
#include "nodes/command.hpp"

namespace troupe {

/// What became of watching jobs.
struct followed_jobs {
  /// The newest of each, in the order of the ids; some lack when it ended
  /// early.
  std::vector<job_report> reports;
  /// The worst of the jobs' own, or that of what ended it early.
  int status = 0;
};

/// Follows jobs to their ends and shows people how they go. Ctrl-C ends the
/// watching, not the jobs, and says so.
/// @param on_report called with everything that is heard; may be empty.
///        What it returns ends the watching unless it is 0
followed_jobs
follow_jobs(const command_context& context, const std::vector<job_id>& ids,
            const std::function<int(const job_report&)>& on_report);

} // namespace troupe
