#include "actors/time_limits.hpp"

namespace troupe {

void time_limits::apply(job_spec& job) const {
  if (job.stall_timeout_s == 0)
    job.stall_timeout_s = stall_s;
  if (job_s > 0 && (job.timeout_s == 0 || job.timeout_s > job_s))
    job.timeout_s = job_s;
}

} // namespace troupe
