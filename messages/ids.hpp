#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// A job's name for machines: a UUIDv7 (RFC 9562), so that ids sort by the time
/// of their submission. Zero means "no job".
struct job_id {
  uint64_t high = 0; ///< 48 bits of Unix milliseconds, version, 12 random bits
  uint64_t low = 0;  ///< variant and 62 random bits

  friend auto operator<=>(const job_id&, const job_id&) = default;
};

/// One try of one task of a job. Only the attempt that the job granted may
/// publish; every message about work names the attempt that it speaks of.
struct attempt_id {
  job_id job;
  uint32_t task = 0;   ///< index of the task in its job, from 0
  uint32_t number = 0; ///< from 1; counts the tries of this task

  friend auto operator<=>(const attempt_id&, const attempt_id&) = default;
};

/// Makes a new id from a wall clock and 74 random bits of the caller's.
/// @param unix_ms milliseconds since 1970; the upper 16 bits are dropped
job_id make_job_id(uint64_t unix_ms, uint64_t random_high, uint64_t random_low);

/// Makes a new id from the system's clock and random device.
job_id make_job_id();

/// Renders the canonical 36 characters: 01890a5d-ac96-774b-bcce-b302099a8057.
std::string to_string(const job_id& id);

/// Reads the canonical form; nothing when `text` is anything else.
std::optional<job_id> parse_job_id(std::string_view text);

/// Renders JOB/TASK/ATTEMPT, for logs.
std::string to_string(const attempt_id& id);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_id& x) {
  return f(x.high, x.low);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, attempt_id& x) {
  return f(x.job, x.task, x.number);
}

} // namespace troupe
