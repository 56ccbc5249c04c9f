#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace troupe {

/// How long to wait between tries: doubling up to a cap, and each time a random
/// part less, so that those who lost the same peer don't come back as one. No
/// clock, no source of randomness.
class backoff {
public:
  using duration = std::chrono::milliseconds;

  /// @param first step before the second try; at least 1 ms
  /// @param most that any wait takes
  backoff(duration first, duration most) : first_(first), most_(most) {}

  /// The wait before the next try: between half the step and all of it.
  /// @param random any number; all values equally likely
  duration next(uint32_t random) {
    auto half = step_ / 2;
    auto wait = step_ - half + duration{random % (half.count() + 1)};
    step_ = std::min(step_ * 2, most_);
    return wait;
  }

  /// Something worked: begins anew.
  void reset() { step_ = std::min(first_, most_); }

private:
  duration first_;
  duration most_;
  duration step_ = std::min(first_, most_);
};

} // namespace troupe
