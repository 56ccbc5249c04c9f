#include "actors/progress_meter.hpp"

#include <algorithm>

namespace troupe {

namespace {

/// What remains is reading the result again.
constexpr double encoding_share = 0.95;

/// Before that, an estimate of what remains is a guess.
constexpr double least_for_estimate = 0.01;

double ratio(double x, double y) {
  return y > 0 ? x / y : 0;
}

} // namespace

task_progress progress_meter::measure(const session_progress& counters,
                                      bool verifying, time_point now) {
  using seconds = std::chrono::duration<double>;
  if (verifying && !encoded_)
    encoded_ = now;
  task_progress result;
  result.id = id_;
  result.verifying = verifying;
  result.counters = counters;
  auto encoding_s = seconds{encoded_.value_or(now) - start_}.count();
  result.fps = ratio(static_cast<double>(counters.frames_encoded), encoding_s);
  result.speed = ratio(counters.position_s, encoding_s);
  done_ = std::max(done_, done_share(counters, verifying));
  result.done = done_;
  if (done_ >= least_for_estimate)
    result.eta_s = seconds{now - start_}.count() * (1 - done_) / done_;
  return result;
}

double progress_meter::done_share(const session_progress& counters,
                                  bool verifying) const {
  if (!verifying)
    return encoding_share
           * std::clamp(ratio(counters.position_s, duration_s_), 0.0, 1.0);
  auto checked = ratio(static_cast<double>(counters.bytes_checked),
                       static_cast<double>(counters.bytes_written));
  return encoding_share + (1 - encoding_share) * std::clamp(checked, 0.0, 1.0);
}

} // namespace troupe
