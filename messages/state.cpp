#include "messages/job.hpp"
#include "messages/journal.hpp"
#include "messages/member.hpp"
#include "messages/task.hpp"

namespace troupe {

std::string_view to_string(job_state state) {
  switch (state) {
    case job_state::queued:
      return "queued";
    case job_state::planning:
      return "planning";
    case job_state::running:
      return "running";
    case job_state::assembling:
      return "assembling";
    case job_state::verifying:
      return "verifying";
    case job_state::completed:
      return "completed";
    case job_state::failed:
      return "failed";
    case job_state::cancelled:
      return "cancelled";
    case job_state::paused:
      return "paused";
  }
  return "unknown";
}

bool is_final(job_state state) {
  return state == job_state::completed || state == job_state::failed
         || state == job_state::cancelled;
}

job_summary summarize(const job_report& report) {
  job_summary result{report.id,
                     report.spec.name,
                     report.state,
                     report.priority,
                     report.progress,
                     0,
                     {},
                     report.created_ms,
                     report.finished_ms,
                     report.error.code};
  if (report.state == job_state::running)
    result.eta_s = report.live.eta_s;
  for (const auto& task : report.tasks)
    if (task.state == task_state::running)
      result.nodes.push_back(task.node);
  return result;
}

std::vector<std::string> names_of(const node_roles& roles) {
  std::vector<std::string> result;
  if (roles.coordinator)
    result.emplace_back("coordinator");
  if (roles.worker)
    result.emplace_back("worker");
  if (roles.gateway)
    result.emplace_back("gateway");
  return result;
}

std::string_view to_string(task_kind kind) {
  switch (kind) {
    case task_kind::probe:
      return "probe";
    case task_kind::whole:
      return "whole";
  }
  return "unknown";
}

std::string_view to_string(task_state state) {
  switch (state) {
    case task_state::waiting:
      return "waiting";
    case task_state::running:
      return "running";
    case task_state::done:
      return "done";
    case task_state::failed:
      return "failed";
    case task_state::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::string_view to_string(attempt_stage stage) {
  switch (stage) {
    case attempt_stage::running:
      return "running";
    case attempt_stage::asking:
      return "asking";
    case attempt_stage::publishing:
      return "publishing";
    case attempt_stage::done:
      return "done";
    case attempt_stage::failed:
      return "failed";
  }
  return "unknown";
}

std::string_view to_string(attempt_end end) {
  switch (end) {
    case attempt_end::none:
      return "running";
    case attempt_end::done:
      return "done";
    case attempt_end::failed:
      return "failed";
    case attempt_end::lost:
      return "lost";
    case attempt_end::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::string_view to_string(member_state state) {
  switch (state) {
    case member_state::joining:
      return "joining";
    case member_state::up:
      return "up";
    case member_state::draining:
      return "draining";
    case member_state::unreachable:
      return "unreachable";
    case member_state::down:
      return "down";
    case member_state::left:
      return "left";
  }
  return "unknown";
}

} // namespace troupe
