#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "messages/job.hpp"
#include "nodes/terminal.hpp"

namespace troupe {

/// What a job is doing, in one word: "waiting", "probing", "encoding",
/// "verifying", ...
std::string_view activity(const job_report& report);

/// A bar of `width` columns, at least 2, drawn to an eighth of a column where
/// there are blocks for that.
/// @param share 0 to 1
std::string progress_bar(double share, size_t width, bool utf8);

/// The live line: activity, bar, percent, speed, time to go and size so far,
/// as much of it as fits. Leaves the last three of `columns` free, so that no
/// terminal wraps it. Holds colours where the traits allow them. Of a job that
/// waits for something it tells what instead.
std::string live_line(const job_report& report, uint32_t columns,
                      const terminal_traits& traits);

/// The same as a line of a log: no bar, no colours, nothing left out.
std::string plain_line(const job_report& report);

/// Decides when a plain line is due: when the activity or what the job
/// waits for changes, and then at most every 5 s: for every tenth of the job,
/// or after a minute without any.
class line_pacer {
public:
  using clock = std::chrono::steady_clock;

  /// True when a line is due now; the next is paced from here.
  bool is_due(const job_report& report, clock::time_point now);

private:
  std::string_view last_activity_;
  std::string last_waiting_;
  clock::time_point last_;
  double last_progress_ = 0;
};

} // namespace troupe
