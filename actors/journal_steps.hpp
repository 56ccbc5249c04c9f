#pragma once

#include <cstdint>
#include <functional>

namespace troupe {

/// The moments of every transaction of the journal between which a process may
/// die with different consequences.
enum class journal_step : uint8_t {
  begin = 1,     ///< nothing of the transaction is written
  written = 2,   ///< all of it is written, nothing is committed
  committed = 3, ///< it is durable, and nobody knows
  answered = 4,  ///< everybody who waited for it knows
};

/// Called at every step; for debugging and tests. Must not throw.
using journal_hook = std::function<void(journal_step)>;

/// The exit status of a process that `exit_at_step` ended.
inline constexpr int exit_at_step_status = 86;

/// A hook that ends the process at once, as a crash would, at the step with
/// this number. Copies count together.
/// @param number from 1; 0 never ends it
journal_hook exit_at_step(uint64_t number);

} // namespace troupe
