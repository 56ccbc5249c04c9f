#include "nodes/top_text.hpp"

#include <algorithm>
#include <cmath>

#include <spdlog/fmt/fmt.h>

#include "nodes/cluster_text.hpp"
#include "nodes/job_ids.hpp"
#include "nodes/printable.hpp"
#include "nodes/progress_line.hpp"
#include "nodes/readable.hpp"
#include "nodes/table.hpp"

namespace troupe {

namespace {

constexpr size_t bar_width = 20;

constexpr size_t widest_name = 40;
constexpr size_t narrowest_name = 12;

/// What a name may take of so wide a screen, so that the figures stay on it.
size_t room_for_name(size_t columns) {
  return std::clamp(columns / 4, narrowest_name, widest_name);
}

std::string counted(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

bool waits(const job_summary& job) {
  return job.state == job_state::queued || job.state == job_state::paused;
}

table::line headline(const cluster_view& view) {
  uint32_t slots = 0;
  uint32_t busy = 0;
  for (const auto& x : view.nodes) {
    busy += x.running;
    if (x.state == member_state::up)
      slots += x.card.slots;
  }
  auto waiting = static_cast<size_t>(
      std::count_if(view.jobs.begin(), view.jobs.end(), waits));
  auto text = fmt::format(
      "troupe  {}  {}, {} of {} slots busy, {} at work, {} waiting",
      view.coordinator.empty() ? "no coordinator" : view.coordinator,
      counted(view.nodes.size(), "node"), busy, slots,
      counted(view.jobs.size() - waiting, "job"), waiting);
  return {std::move(text), "1"};
}

/// A share with a bar before it.
std::string gauge(double share, bool utf8) {
  auto sane = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
  return fmt::format("{} {:5.1f}%", progress_bar(sane, bar_width, utf8),
                     std::floor(sane * 1000) / 10);
}

std::vector<table::line> node_lines(const cluster_view& view, bool utf8) {
  table rows{utf8};
  rows.add({"node", "state", "slots", "processors", "remark"}, "2");
  for (const auto& x : view.nodes)
    rows.add({x.card.key.name,
              x.quarantined ? "quarantined" : std::string{to_string(x.state)},
              fmt::format("{}/{}", x.running, x.card.slots),
              gauge(x.card.load.cpu, utf8), x.reason},
             color_of(x));
  return rows.lines();
}

/// Those that run first, then by what is first in line.
std::vector<job_summary> in_order(std::vector<job_summary> jobs) {
  std::stable_sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) {
    if (waits(a) != waits(b))
      return waits(b);
    return a.priority < b.priority;
  });
  return jobs;
}

std::string where(const job_summary& job) {
  std::string result;
  for (const auto& x : job.nodes)
    result += (result.empty() ? "" : ", ") + x;
  return result;
}

std::vector<table::line> job_lines(const cluster_view& view, size_t columns,
                                   bool utf8) {
  table rows{utf8};
  rows.add({"job", "name", "state", "prio", "progress", "to go", "where"}, "2");
  for (const auto& x : in_order(view.jobs))
    rows.add({short_id(x.id), shortened(x.name, room_for_name(columns), utf8),
              std::string{to_string(x.state)}, std::to_string(x.priority),
              gauge(x.progress, utf8),
              x.eta_s > 0 ? readable_clock(x.eta_s) : "", where(x)},
             color_of(x.state));
  return rows.lines();
}

/// Appends what fits and says how much didn't; `rows` is what is left.
void append(std::vector<table::line>& to, std::vector<table::line> lines,
            size_t rows) {
  if (lines.size() > rows && rows > 0) {
    auto hidden = lines.size() - rows + 1;
    lines.resize(rows - 1);
    lines.push_back({fmt::format("... and {} more", hidden), "2"});
  }
  lines.resize(std::min(lines.size(), rows));
  to.insert(to.end(), lines.begin(), lines.end());
}

size_t rest(const std::vector<table::line>& lines, const view_size& size) {
  return size.rows > lines.size() ? size.rows - lines.size() : 0;
}

} // namespace

std::vector<std::string> top_lines(const cluster_view& view,
                                   const view_size& size,
                                   const terminal_traits& traits) {
  std::vector<table::line> lines{headline(view)};
  if (view.error.code != ec::none)
    lines.push_back({printable(to_string(view.error), traits.utf8), "31"});
  if (view.lists_nodes && !view.nodes.empty()) {
    lines.push_back({"", ""});
    // Nodes leave half of the screen to jobs.
    append(lines, node_lines(view, traits.utf8),
           std::max<size_t>(rest(lines, size) / 2, 2));
  }
  if (!view.jobs.empty()) {
    lines.push_back({"", ""});
    append(lines, job_lines(view, size.columns, traits.utf8),
           rest(lines, size));
  }
  lines.resize(std::min<size_t>(lines.size(), size.rows));
  std::vector<std::string> result;
  for (const auto& x : lines)
    result.push_back(
        colored(x.sgr, first_columns(x.text, size.columns), traits.color));
  return result;
}

} // namespace troupe
