#pragma once

#include "messages/job.hpp"

namespace troupe {

/// How long jobs may take, as the coordinator's node has it.
struct time_limits {
  double stall_s = 60; ///< above 0; for jobs that say nothing about it
  double job_s = 0;    ///< of every job; 0 for no limit

  /// Fills in what a job left open, and keeps it within the limit.
  void apply(job_spec& job) const;
};

} // namespace troupe
