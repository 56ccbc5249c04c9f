#include "nodes/cluster_text.hpp"

#include <cmath>

#include <spdlog/fmt/fmt.h>

#include "nodes/job_ids.hpp"
#include "nodes/job_summary.hpp"
#include "nodes/printable.hpp"
#include "nodes/readable.hpp"
#include "nodes/table.hpp"

namespace troupe {

namespace {

/// What people give names is shown in; a longer one would push all else away.
constexpr size_t widest_name = 40;

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& x : words)
    result += (result.empty() ? "" : ", ") + x;
  return result;
}

std::string percent(double share) {
  auto sane = std::isfinite(share) ? share : 0;
  // 99.96 must not read as 100 while there is work to do.
  return fmt::format("{:.1f}%", std::floor(sane * 1000) / 10);
}

/// What the last column says: where it runs, or how it ended.
std::string remark_on(const job_summary& job) {
  return job.error == ec::none ? joined(job.nodes)
                               : std::string{to_string(job.error)};
}

std::string remark_on(const member& node) {
  if (!node.quarantined)
    return node.reason;
  return node.reason.empty() ? "quarantined" : "quarantined: " + node.reason;
}

void add_times(table& to, const job_report& job) {
  auto add = [&](const char* what, uint64_t unix_ms) {
    if (unix_ms != 0)
      to.add({what, iso_time(unix_ms)});
  };
  add("created", job.created_ms);
  add("started", job.started_ms);
  add("finished", job.finished_ms);
}

std::string state_words(const job_report& job) {
  std::string result{to_string(job.state)};
  if (!is_final(job.state) && job.progress > 0)
    result += ", " + percent(job.progress);
  if (!is_final(job.state) && job.live.eta_s > 0)
    result += ", " + readable_clock(job.live.eta_s) + " to go";
  return result;
}

std::string tasks_text(const job_report& job, bool utf8) {
  table tasks{utf8};
  tasks.add({"task", "kind", "state", "node", "attempt", "progress", "fps"});
  for (const auto& x : job.tasks)
    tasks.add({std::to_string(x.index), std::string{to_string(x.kind)},
               std::string{to_string(x.state)}, x.node,
               x.attempt == 0 ? "" : std::to_string(x.attempt),
               percent(x.progress),
               x.fps > 0 ? fmt::format("{:.1f}", x.fps) : ""});
  return tasks.text();
}

} // namespace

std::string_view color_of(job_state state) {
  switch (state) {
    case job_state::completed:
      return "32";
    case job_state::failed:
      return "31";
    case job_state::cancelled:
    case job_state::paused:
      return "33";
    case job_state::queued:
      return "2";
    default:
      return "1";
  }
}

std::string_view color_of(const member& node) {
  if (node.quarantined)
    return "31";
  switch (node.state) {
    case member_state::up:
      return "";
    case member_state::joining:
    case member_state::draining:
      return "33";
    case member_state::left:
      return "2";
    default:
      return "31";
  }
}

std::string jobs_text(const std::vector<job_summary>& jobs,
                      const terminal_traits& traits) {
  if (jobs.empty())
    return "";
  table rows{traits.utf8, traits.color};
  rows.add({"id", "name", "state", "done", "prio", "to go", "where"});
  // Who reads it from a file or a pipe gets all of it.
  auto name_of = [&](const job_summary& x) {
    return traits.live ? shortened(x.name, widest_name, traits.utf8) : x.name;
  };
  for (const auto& x : jobs)
    rows.add({short_id(x.id), name_of(x), std::string{to_string(x.state)},
              percent(x.progress), std::to_string(x.priority),
              x.eta_s > 0 ? readable_clock(x.eta_s) : "", remark_on(x)},
             color_of(x.state));
  return rows.text();
}

std::string nodes_text(const std::vector<member>& nodes,
                       const terminal_traits& traits) {
  table rows{traits.utf8, traits.color};
  rows.add({"name", "state", "roles", "address", "slots", "cpu", "version",
            "remark"});
  for (const auto& x : nodes)
    rows.add({x.card.key.name, std::string{to_string(x.state)},
              joined(names_of(x.card.roles)), x.card.address,
              fmt::format("{}/{}", x.running, x.card.slots),
              fmt::format("{:.0f}%", std::isfinite(x.card.load.cpu)
                                         ? x.card.load.cpu * 100
                                         : 0),
              x.card.version, remark_on(x)},
             color_of(x));
  return rows.text();
}

std::string job_text(const job_report& job, const terminal_traits& traits) {
  table about{traits.utf8};
  about.add({"id", to_string(job.id)});
  about.add({"name", job.spec.name});
  about.add({"state", state_words(job)});
  about.add({"priority", std::to_string(job.priority)});
  about.add({"input", job.spec.input});
  about.add({"output", job.spec.output});
  add_times(about, job);
  if (!job.waiting.empty())
    about.add({"waits", job.waiting});
  if (job.error.code != ec::none)
    about.add({"error", fmt::format("{}: {}", to_string(job.error.code),
                                    to_string(job.error))});
  if (job.state == job_state::completed)
    for (const auto& line : summary_of(job))
      about.add({"result", line});
  auto result = about.text();
  if (!job.tasks.empty())
    result += '\n' + tasks_text(job, traits.utf8);
  return result;
}

} // namespace troupe
