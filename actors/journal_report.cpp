#include "actors/journal_report.hpp"

namespace troupe {

namespace {

task_state state_of(const attempt_record& attempt) {
  switch (attempt.end) {
    case attempt_end::none:
      return task_state::running;
    case attempt_end::done:
      return task_state::done;
    case attempt_end::failed:
      return task_state::failed;
    case attempt_end::lost:
      return task_state::waiting;
    case attempt_end::cancelled:
      return task_state::cancelled;
  }
  return task_state::waiting;
}

task_report report_of(const attempt_record& attempt) {
  task_report result;
  result.index = attempt.id.task;
  result.kind = attempt.kind;
  result.state = state_of(attempt);
  result.node = attempt.node;
  result.attempt = attempt.id.number;
  result.progress = attempt.end == attempt_end::done ? 1 : 0;
  return result;
}

} // namespace

job_report report_of(const submitted_job& job, const job_record& record,
                     const std::vector<attempt_record>& attempts) {
  job_report result;
  result.id = job.id;
  result.spec = job.request.spec;
  result.state = record.state;
  result.priority = job.priority;
  result.progress = record.state == job_state::completed ? 1 : 0;
  result.created_ms = job.created_ms;
  result.started_ms = record.started_ms;
  result.finished_ms = record.finished_ms;
  result.error = record.error;
  if (record.result)
    result.result = *record.result;
  for (const auto& attempt : attempts) {
    auto& tasks = result.tasks;
    if (tasks.empty() || tasks.back().index != attempt.id.task)
      tasks.push_back(report_of(attempt));
    else if (tasks.back().state != task_state::done)
      tasks.back() = report_of(attempt); // the latest, unless one succeeded
  }
  return result;
}

} // namespace troupe
