#include "nodes/progress_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "nodes/printable.hpp"
#include "nodes/readable.hpp"

namespace troupe {

namespace {

/// The last column stays free, or terminals would wrap; and two more for the
/// "^C" that the terminal itself shows.
constexpr size_t margin = 3;

constexpr size_t widest_bar = 40;
constexpr size_t narrowest_bar = 8;

/// 0 to 1, whatever the report says.
double share_done(const job_report& report) {
  return std::isfinite(report.progress) ? std::clamp(report.progress, 0.0, 1.0)
                                        : 0.0;
}

std::string percent(double share) {
  // 99.96 must not read as 100 while there is work to do.
  auto tenths = std::floor(share * 1000) / 10;
  return fmt::format("{:.1f}%", tenths);
}

/// The figures behind the percentage, most wanted first.
std::vector<std::string> figures(const job_report& report) {
  std::vector<std::string> result;
  const auto& live = report.live;
  auto known = [](double x) { return std::isfinite(x) && x > 0; };
  if (known(live.eta_s))
    result.push_back("ETA " + readable_clock(live.eta_s));
  if (known(live.fps))
    result.push_back(
        fmt::format("{:.{}f} fps", live.fps, live.fps < 9.95 ? 1 : 0));
  if (known(live.speed))
    result.push_back(
        fmt::format("{:.{}f}x", live.speed, live.speed < 9.995 ? 2 : 1));
  if (live.counters.bytes_written > 0)
    result.push_back(readable_size(live.counters.bytes_written));
  return result;
}

/// True when there is a reason to tell instead of figures, as nothing runs.
bool stands_still(const job_report& report) {
  auto runs = std::ranges::any_of(report.tasks, [](const auto& x) {
    return x.state == task_state::running;
  });
  return !runs && !is_final(report.state) && !report.waiting.empty();
}

/// How far it is: in percent, or in media time when the end is not known; ""
/// before there is anything to measure.
std::string position(const job_report& report) {
  if (report.state == job_state::queued || report.state == job_state::planning)
    return "";
  if (share_done(report) <= 0 && report.live.counters.position_s > 0)
    return readable_clock(report.live.counters.position_s);
  return percent(share_done(report));
}

} // namespace

std::string progress_bar(double share, size_t width, bool utf8) {
  share = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
  static constexpr std::array<std::string_view, 8> eighths = {
      "", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::string result;
  if (!utf8) {
    auto full = static_cast<size_t>(share * static_cast<double>(width - 2));
    result.append(1, '[').append(full, '#').append(width - 2 - full, '.');
    return result + ']';
  }
  auto steps = static_cast<size_t>(share * static_cast<double>(width) * 8);
  for (size_t i = 0; i < steps / 8; ++i)
    result += "█";
  auto filled = steps / 8;
  if (auto part = eighths[steps % 8]; !part.empty()) {
    result += part;
    ++filled;
  }
  for (; filled < width; ++filled)
    result += "░";
  return result;
}

std::string_view activity(const job_report& report) {
  if (stands_still(report))
    return "waiting";
  if (!is_final(report.state) && report.live.verifying)
    return "verifying";
  switch (report.state) {
    case job_state::queued:
      return "waiting";
    case job_state::planning:
      return "probing";
    case job_state::running:
      return "encoding";
    default:
      return to_string(report.state);
  }
}

std::string live_line(const job_report& report, uint32_t columns,
                      const terminal_traits& traits) {
  constexpr std::string_view gap = "  ";
  size_t free = columns > margin ? columns - margin : 0;
  if (stands_still(report)) {
    auto line = printable(plain_line(report), traits.utf8);
    return std::string{first_columns(line, free)};
  }
  auto where = position(report);
  if (where.empty())
    return std::string{activity(report).substr(0, free)};
  if (where.size() > free)
    return "";
  free -= where.size();
  std::string head;
  if (auto doing = activity(report); doing.size() + 1 <= free) {
    head = colored("1", doing, traits.color) + ' ';
    free -= doing.size() + 1;
  }
  // The figures come before the bar: they say more.
  std::string tail;
  for (const auto& figure : figures(report)) {
    if (gap.size() + figure.size() > free)
      break;
    tail.append(gap).append(figure);
    free -= gap.size() + figure.size();
  }
  if (free >= narrowest_bar + 1) {
    auto width = std::min(free - 1, widest_bar);
    head += colored("36", progress_bar(share_done(report), width, traits.utf8),
                    traits.color)
            + ' ';
  }
  return head + where + tail;
}

std::string plain_line(const job_report& report) {
  auto line = std::string{activity(report)};
  if (auto where = position(report); !where.empty())
    line += ' ' + where;
  if (stands_still(report))
    return line + ": " + report.waiting;
  for (const auto& figure : figures(report))
    line += ", " + figure;
  return line;
}

bool line_pacer::is_due(const job_report& report, clock::time_point now) {
  using namespace std::chrono_literals;
  auto doing = activity(report);
  auto done = share_done(report);
  // 0.3 - 0.2 is a little less than a tenth.
  constexpr double tenth = 0.1 - 1e-9;
  auto due = doing != last_activity_ || report.waiting != last_waiting_
             || (now - last_ >= 5s
                 && (done - last_progress_ >= tenth || now - last_ >= 60s));
  if (!due)
    return false;
  last_activity_ = doing;
  last_waiting_ = report.waiting;
  last_ = now;
  last_progress_ = done;
  return true;
}

} // namespace troupe
