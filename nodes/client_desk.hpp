#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "messages/cluster.hpp"
#include "messages/failure.hpp"

namespace troupe {

/// Where the actors of a client leave what its threads wait for: whether there
/// is a coordinator, answers, and that a person wants to go. One mutex and one
/// condition for all of it, so that a thread can wait for several at once.
class client_desk {
public:
  using clock = std::chrono::steady_clock;

  /// Who leads the cluster, as far as is known.
  struct standing {
    /// None while it is being looked for.
    std::optional<found_coordinator> coordinator;
    /// Counts the coordinators that were found: another number, another link.
    uint64_t meeting = 0;
    /// Why the last search found nobody; code none before the first ended.
    failure last_search;
    /// Somebody wants whoever waits to stop waiting.
    bool interrupted = false;
  };

  /// Changes the standing, or a box that waiters look into, and wakes them.
  template <class Change>
  void change(Change what) {
    std::lock_guard guard{mutex_};
    what(standing_);
    changed_.notify_all();
  }

  /// Waits until `ready(standing)` or the deadline. `ready` may look into boxes
  /// that only `change` fills. @returns what `ready` said last
  template <class Ready>
  bool wait(clock::time_point deadline, Ready ready) {
    std::unique_lock lock{mutex_};
    return changed_.wait_until(lock, deadline,
                               [&] { return ready(standing_); });
  }

  /// The standing as it is now.
  standing look() const {
    std::lock_guard guard{mutex_};
    return standing_;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  standing standing_;
};

} // namespace troupe
