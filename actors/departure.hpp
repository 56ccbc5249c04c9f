#pragma once

#include <chrono>
#include <cstddef>

namespace troupe {

/// When a node that leaves is free to go: once nothing is held any more. What
/// is still held at the limit is handed back first. No actor, no clock.
class departure {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// What giving tasks back may take: sessions die, and JOBs acknowledge.
  static constexpr std::chrono::seconds grace{5};

  enum class step {
    wait,
    hand_back, ///< said once
    go,
  };

  explicit departure(time_point limit) : limit_(limit) {}

  /// @param held attempts that aren't acknowledged yet
  step look(size_t held, time_point now) {
    if (held == 0 || now >= limit_ + grace)
      return step::go;
    if (now < limit_ || handed_back_)
      return step::wait;
    handed_back_ = true;
    return step::hand_back;
  }

private:
  time_point limit_;
  bool handed_back_ = false;
};

} // namespace troupe
