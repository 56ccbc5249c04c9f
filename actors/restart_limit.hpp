#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace troupe {

/// Tells a mishap from a defect: so many restarts within a span of time are
/// mishaps, one more is not.
class restart_limit {
public:
  using clock = std::chrono::steady_clock;

  restart_limit(size_t most, clock::duration within)
      : most_(most), within_(within) {}

  /// Counts a restart. @returns false when it is one too many
  bool permit(clock::time_point now) {
    while (!recent_.empty() && now - recent_.front() >= within_)
      recent_.pop_front();
    if (recent_.size() >= most_)
      return false;
    recent_.push_back(now);
    return true;
  }

private:
  size_t most_;
  clock::duration within_;
  std::deque<clock::time_point> recent_; ///< oldest first, at most `most_`
};

} // namespace troupe
