#include <algorithm>

#include "actors/job_machine.hpp"

namespace troupe {

namespace {

task_state state_of(const task_entry& task, bool job_ended) {
  if (task.done)
    return task_state::done;
  auto runs = std::any_of(task.attempts.begin(), task.attempts.end(),
                          [](const auto& x) { return x.alive(); });
  if (runs)
    return task_state::running;
  if (!job_ended)
    return task_state::waiting;
  auto failed = !task.attempts.empty()
                && task.attempts.back().record.end == attempt_end::failed;
  return failed ? task_state::failed : task_state::cancelled;
}

/// The attempt that tells most of its task: one that did it, else the furthest
/// of those that run, else the last.
const attempt_entry* telling(const task_entry& task) {
  const attempt_entry* result = nullptr;
  for (const auto& x : task.attempts) {
    if (x.record.end == attempt_end::done)
      return &x;
    auto better = result == nullptr || !result->alive()
                  || (x.alive() && x.progress.done > result->progress.done);
    if (better)
      result = &x;
  }
  return result;
}

task_report report_of(const task_entry& task, uint32_t index, bool job_ended) {
  task_report result;
  result.index = index;
  result.kind = task.kind;
  result.state = state_of(task, job_ended);
  if (const auto* attempt = telling(task)) {
    result.node = attempt->record.node;
    result.attempt = attempt->record.id.number;
    // What is gone had got nowhere: its successor begins anew.
    auto counts = attempt->alive() || job_ended;
    result.progress = task.done ? 1 : counts ? attempt->progress.done : 0;
    result.fps = task.done || counts ? attempt->progress.fps : 0;
  }
  return result;
}

} // namespace

job_report queued_report(const submitted_job& job) {
  job_report result;
  result.id = job.id;
  result.spec = job.request.spec;
  result.priority = job.priority;
  result.created_ms = job.created_ms;
  return result;
}

job_report job_machine::report() const {
  auto result = queued_report(job_);
  result.state = record_.state;
  result.started_ms = record_.started_ms;
  result.finished_ms = record_.finished_ms;
  result.error = record_.error;
  if (record_.result)
    result.result = *record_.result;
  const auto& all = tasks_.tasks();
  for (uint32_t i = 0; i < all.size(); ++i)
    result.tasks.push_back(report_of(all[i], i, ended()));
  if (ended() || !tasks_.alive().empty())
    result.live = live_;
  result.progress =
      record_.state == job_state::completed ? 1 : result.live.done;
  result.waiting = waiting();
  return result;
}

/// As far as the job itself knows.
std::string job_machine::waiting() const {
  if (ended() || record_.state == job_state::paused)
    return "";
  if (record_.wish == job_wish::pause)
    return "pauses once its running tasks are done";
  if (!tasks_.alive().empty())
    return "";
  // One that is about to begin doesn't wait; one that has to begin again does.
  const auto& all = tasks_.tasks();
  auto again = std::ranges::any_of(
      all, [](const auto& x) { return !x.done && !x.attempts.empty(); });
  return again ? "for another try" : "";
}

job_report job_machine::report_before_end() const {
  auto result = report();
  if (!ended())
    return result;
  result.state = before_end_;
  result.finished_ms = 0;
  result.error = {};
  result.result = {};
  result.progress = live_.done;
  return result;
}

} // namespace troupe
