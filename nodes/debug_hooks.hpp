#pragma once

#include <cstdint>
#include <functional>

namespace troupe {

/// Where a node hurts itself on purpose, for tests of crashes. Each is the
/// number of a step, from 1, taken from an environment variable; 0 is never.
struct debug_hooks {
  /// TROUPE_DEBUG_JOURNAL_EXIT: the step of the journal at which the process
  /// exits.
  uint64_t journal_exit = 0;

  /// TROUPE_DEBUG_PUBLISH_STOP: the operation on the disk, counted over all
  /// that publishing does, before which the process stops as by SIGSTOP, with
  /// its sessions running on.
  uint64_t publish_stop = 0;
};

/// Reads the environment. What is no number is 0.
debug_hooks read_debug_hooks();

/// A step that stops this process when it is called for the time with this
/// number. Copies count together, from whatever thread.
/// @param number from 1; 0 never stops it
std::function<void()> stop_at_step(uint64_t number);

} // namespace troupe
