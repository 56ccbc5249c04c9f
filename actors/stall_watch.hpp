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
/// stands still only while somebody looks.
class stall_watch {
public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  /// What counts of the time between two looks, at most.
  static constexpr std::chrono::seconds longest_gap{2};

  /// @param timeout_s for how long everything may stand still
  stall_watch(double timeout_s, time_point now)
      : timeout_(timeout_s), looked_(now) {}

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

  /// Looks; to be called more often than every `longest_gap`.
  bool stalled(time_point now) {
    stood_ += std::min<clock::duration>(now - looked_, longest_gap);
    looked_ = now;
    return stood_ >= timeout_;
  }

private:
  std::chrono::duration<double> timeout_;
  clock::duration stood_{};
  time_point looked_;
  session_progress last_;
};

} // namespace troupe
