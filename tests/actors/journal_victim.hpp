#pragma once

#include <cstdint>

#include "tests/actors/journal_samples.hpp"

/// What the process that is ended and its judge both know.
namespace troupe::test {

inline constexpr uint64_t victim_rounds = 4;
inline constexpr uint64_t victim_jobs_per_round = 4;

/// Jobs 1 and 2 have the same key, so have 3 and 4, and so on.
inline submitted_job victim_job(uint64_t number) {
  return plain_job(number, "key " + std::to_string((number + 1) / 2));
}

/// Says the same in a record and in the log of its job, to see whether both or
/// neither is there.
inline journal_change victim_change(uint64_t number) {
  journal_change result;
  result.jobs = {plain_record(number, job_state::running)};
  result.log = {{numbered(number), 1, "it runs"}};
  return result;
}

} // namespace troupe::test
