#pragma once

#include <chrono>
#include <optional>

#include "messages/task.hpp"

namespace troupe {

/// Turns a session's counters into what people want to know.
class progress_meter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param duration_s of the source; 0 when not known
  progress_meter(const attempt_id& id, double duration_s, time_point start)
      : id_(id), duration_s_(duration_s), start_(start) {}

  /// `done` never goes back.
  task_progress measure(const session_progress& counters, bool verifying,
                        time_point now);

private:
  double done_share(const session_progress& counters, bool verifying) const;

  attempt_id id_;
  double duration_s_;
  time_point start_;
  std::optional<time_point> encoded_; ///< since when the result is verified
  double done_ = 0;
};

} // namespace troupe
