#pragma once

#include <chrono>
#include <cstdint>

#include "messages/failure.hpp"

namespace troupe {

/// How often and when failed tasks are tried again.
struct retry_limits {
  uint32_t attempts = 3;   ///< failed ones that end the job; at least 1
  uint32_t crashes = 3;    ///< sessions brought down that make a job poison
  uint32_t lost_nodes = 3; ///< that make a job poison
  std::chrono::milliseconds first_delay{2000}; ///< doubles with each failure
  std::chrono::milliseconds longest_delay{300'000};
};

/// What a job has behind it.
struct retry_counts {
  uint32_t tries = 0;      ///< failed attempts that count
  uint32_t crashes = 0;    ///< of them, those that brought a session down
  uint32_t lost_nodes = 0; ///< nodes that went away with a task of it
  uint32_t refusals = 0;   ///< workers in a row that didn't take a task
};

/// What follows a failed or lost attempt.
struct retry_ruling {
  enum class verdict {
    again,   ///< place the task again after `delay`
    give_up, ///< the job fails with `error`
  };

  verdict what = verdict::give_up;
  std::chrono::milliseconds delay{0};
  failure error;          ///< what the job fails with
  bool elsewhere = false; ///< other nodes are to be preferred
  retry_counts counts;    ///< the new ones
};

/// True for what the same task would fail with anywhere and always: bad input,
/// an impossible job, an output that exists.
bool is_permanent(ec code);

/// True when the failure may be the node's fault: its disk, its session
/// program, its memory. What quarantine goes by.
bool blames_node(ec code);

/// Rules on an attempt that failed. One that a worker didn't take, or gave
/// back, counts towards no limit; each refusal in a row is waited for longer.
retry_ruling after_failure(const retry_limits& limits, retry_counts counts,
                           const failure& error);

/// Rules on an attempt that was lost with its node. It counts towards no limit
/// but that of poison.
retry_ruling after_loss(const retry_limits& limits, retry_counts counts,
                        const failure& error);

} // namespace troupe
