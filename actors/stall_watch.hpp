#pragma once

#include <algorithm>
#include <chrono>

#include "messages/report.hpp"

namespace troupe {

/// Tells a session that works from one that hangs: as long as any counter
/// moves, some stage of its pipeline does. A look-ahead or a palette that
/// swallows every frame still counts as moving.
///
/// Who watches may be stopped itself, with its process or its machine, and
/// finds the clock moved on before it hears what the session said. So a session
/// stands still only while somebody looks: of the time between two looks no
/// more than half the timeout counts, and no more than a few seconds.
class stall_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param timeout_s for how long everything may stand still
  /// @param most_s that counts between two looks: some times what is usual
  stall_watch(double timeout_s, time_point now, double most_s = 2)
      : timeout_(timeout_s), most_(std::min(timeout_s / 2, most_s)),
        looked_(now) {}

  /// Takes the counters as they are now.
  void saw(const session_progress& counters, time_point now) {
    if (counters == last_)
      return;
    last_ = counters;
    moved(now);
  }

  /// Takes note of something else that moved.
  void moved(time_point now) {
    stood_ = {};
    looked_ = now;
  }

  /// Looks; to be called several times within the timeout.
  bool stalled(time_point now) {
    stood_ += std::min<seconds>(now - looked_, most_);
    looked_ = now;
    return stood_ >= timeout_;
  }

private:
  using seconds = std::chrono::duration<double>;

  seconds timeout_;
  seconds most_; ///< that counts between two looks
  seconds stood_{};
  time_point looked_;
  session_progress last_;
};

} // namespace troupe
