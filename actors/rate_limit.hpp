#pragma once

#include <chrono>

namespace troupe {

/// Lets something happen at most once per interval, on average: a sender whose
/// own rhythm is the same one isn't halved by its jitter.
class rate_limit {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit rate_limit(std::chrono::milliseconds interval)
      : interval_(interval) {}

  /// True when it may happen now; then the interval has begun.
  bool take(time_point now) {
    if (now < next_)
      return false;
    next_ = (now - next_ < interval_ ? next_ : now) + interval_;
    return true;
  }

private:
  std::chrono::milliseconds interval_;
  time_point next_;
};

} // namespace troupe
