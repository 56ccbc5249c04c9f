#include "nodes/cluster_watching.hpp"

#include <map>
#include <set>

#include "nodes/job_ids.hpp"
#include "nodes/job_lookup.hpp"
#include "nodes/live_screen.hpp"
#include "nodes/patience_scope.hpp"
#include "nodes/progress_line.hpp"

namespace troupe {

namespace {

constexpr std::chrono::milliseconds between_screens{500};
constexpr std::chrono::milliseconds between_lines{1000};

/// Jobs beyond that are counted by nobody on a screen.
constexpr size_t most_jobs = 1000;

bool any(const job_summary&) {
  return true;
}

/// Enough of a report for a line of progress.
job_report report_of(const job_summary& job) {
  job_report result;
  result.id = job.id;
  result.spec.name = job.name;
  result.state = job.state;
  result.progress = job.progress;
  result.live.eta_s = job.eta_s;
  return result;
}

/// Tells of all jobs by and by.
class job_lines {
public:
  job_lines(command_output& out, bool as_json) : out_(out), json_(as_json) {}

  /// @returns the exit status of printing
  int tell(const job_summary& job) {
    auto& seen = jobs_[job.id];
    auto document = to_json(job);
    if (document == seen.document)
      return 0;
    seen.document = document;
    if (json_)
      return print(out_, to_line(document));
    auto report = report_of(job);
    if (!seen.pacer.is_due(report, line_pacer::clock::now()))
      return 0;
    out_.say(job.name + " (" + short_id(job.id) + "): " + plain_line(report));
    return 0;
  }

  /// Jobs that were told of and aren't among these: they ended or were deleted.
  std::vector<job_id> missing(const std::vector<job_summary>& active) const {
    std::set<job_id> there;
    for (const auto& x : active)
      there.insert(x.id);
    std::vector<job_id> result;
    for (const auto& [id, seen] : jobs_)
      if (!there.contains(id))
        result.push_back(id);
    return result;
  }

  void forget(const job_id& id) { jobs_.erase(id); }

private:
  struct progress {
    json document;
    line_pacer pacer;
  };

  command_output& out_;
  bool json_;
  std::map<job_id, progress> jobs_;
};

/// Tells how jobs ended that are no longer active.
outcome<int> tell_ends(cluster_client& client, job_lines& lines,
                       const std::vector<job_summary>& active) {
  int status = 0;
  for (const auto& id : lines.missing(active)) {
    auto report = client.job(id);
    if (!report && report.error().code != ec::not_found)
      return report.error();
    if (report)
      status = lines.tell(summarize(*report));
    lines.forget(id);
    if (status != 0)
      break;
  }
  return status;
}

outcome<int> tell_all(cluster_client& client, job_lines& lines) {
  auto jobs = list_jobs(client, false, most_jobs, any);
  if (!jobs)
    return jobs.error();
  for (const auto& job : *jobs)
    if (auto status = lines.tell(job); status != 0)
      return status;
  return tell_ends(client, lines, *jobs);
}

} // namespace

void refresh(cluster_client& client, cluster_view& view) {
  view.error = {};
  auto nodes = client.nodes();
  view.coordinator = client.address();
  if (!nodes) {
    view.error = nodes.error();
    return;
  }
  view.nodes = std::move(*nodes);
  auto jobs = list_jobs(client, false, most_jobs, any);
  if (jobs)
    view.jobs = std::move(*jobs);
  else
    view.error = jobs.error();
}

int show_cluster(const command_context& context, bool with_nodes) {
  auto& client = context.client;
  auto traits = context.out.data_traits();
  cluster_view view;
  view.lists_nodes = with_nodes;
  live_screen screen{[&client] { client.interrupt(); }};
  // A screen is to say that the coordinator is gone while it is.
  auto patience = client.patience();
  patience.search = between_screens;
  patience_scope short_patience{client, patience};
  do {
    refresh(client, view);
    screen.draw(top_lines(view, live_screen::size(), traits));
  } while (!client.rest(between_screens));
  return 0;
}

int follow_cluster(const command_context& context, bool as_json) {
  auto& client = context.client;
  job_lines lines{context.out, as_json};
  auto told = tell_all(client, lines);
  // From now on it is a cluster that may go and come back.
  auto patience = client.patience();
  patience.search = patience.absence;
  patience_scope long_patience{client, patience};
  while (told && *told == 0) {
    if (client.rest(between_lines))
      return exit_status(ec::cancelled);
    told = tell_all(client, lines);
  }
  if (told)
    return *told;
  if (told.error().code == ec::cancelled)
    return exit_status(ec::cancelled);
  return fail(context.out, told.error(), as_json);
}

} // namespace troupe
