#pragma once

#include <chrono>

#include "messages/report.hpp"

namespace troupe {

/// Tells a session that works from one that hangs: as long as any counter
/// moves, some stage of its pipeline does. A look-ahead or a palette that
/// swallows every frame still counts as moving.
class stall_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param timeout_s for how long everything may stand still
  stall_watch(double timeout_s, time_point now)
      : timeout_(timeout_s), moved_(now) {}

  /// Takes the counters as they are now.
  void saw(const session_progress& counters, time_point now) {
    if (counters == last_)
      return;
    last_ = counters;
    moved_ = now;
  }

  /// Takes note of something else that moved.
  void moved(time_point now) { moved_ = now; }

  bool stalled(time_point now) const { return now - moved_ >= timeout_; }

private:
  std::chrono::duration<double> timeout_;
  time_point moved_;
  session_progress last_;
};

} // namespace troupe
