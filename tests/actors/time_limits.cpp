#define CAF_SUITE time_limits

#include "actors/time_limits.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

/// A job that says these, as it is admitted.
job_spec admitted(const time_limits& limits, double stall_s, double job_s) {
  job_spec job;
  job.stall_timeout_s = stall_s;
  job.timeout_s = job_s;
  limits.apply(job);
  return job;
}

} // namespace

CAF_TEST(jobs that say nothing get what the node has) {
  CAF_CHECK(admitted({}, 0, 0).stall_timeout_s == 60);
  CAF_CHECK(admitted({}, 0, 0).timeout_s == 0);
  CAF_CHECK(admitted({90, 3600}, 0, 0).stall_timeout_s == 90);
  CAF_CHECK(admitted({90, 3600}, 0, 0).timeout_s == 3600);
}

CAF_TEST(jobs choose their stalls and shorten their time) {
  CAF_CHECK(admitted({90, 3600}, 300, 0).stall_timeout_s == 300);
  CAF_CHECK(admitted({90, 3600}, 5, 60).stall_timeout_s == 5);
  CAF_CHECK(admitted({90, 3600}, 5, 60).timeout_s == 60);
  CAF_CHECK(admitted({90, 3600}, 5, 7200).timeout_s == 3600);
  CAF_CHECK(admitted({90, 0}, 5, 7200).timeout_s == 7200);
}
