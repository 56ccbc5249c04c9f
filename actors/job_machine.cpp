#include "actors/job_machine.hpp"

#include <stdexcept>

namespace troupe {

bool may_follow(job_state from, job_state to) {
  using enum job_state;
  if (is_final(from) || from == to)
    return false;
  switch (to) {
    case failed:
    case cancelled:
    case paused:
      return true;
    case planning:
      return from == queued || from == paused;
    case running:
      return from == planning || from == paused;
    case assembling:
      return from == running || from == paused;
    case verifying:
      return from == running || from == assembling;
    case completed:
      return from == running || from == verifying;
    case queued:
      return from == paused;
  }
  return false;
}

uint32_t job_machine::add(task_kind kind) {
  task_report task;
  task.index = static_cast<uint32_t>(report_.tasks.size());
  task.kind = kind;
  report_.tasks.push_back(task);
  return task.index;
}

bool job_machine::waits(uint32_t task) const {
  return task < report_.tasks.size()
         && report_.tasks[task].state == task_state::waiting;
}

attempt_id job_machine::start(uint32_t task, const std::string& node,
                              uint64_t now_ms) {
  auto& entry = report_.tasks.at(task);
  entry.state = task_state::running;
  entry.node = node;
  ++entry.attempt;
  running_ = attempt_id{report_.id, task, entry.attempt};
  if (report_.started_ms == 0)
    report_.started_ms = now_ms;
  enter(entry.kind == task_kind::probe ? job_state::planning
                                       : job_state::running);
  return *running_;
}

bool job_machine::progress(const task_progress& figures) {
  if (running_ != figures.id)
    return false;
  auto& entry = report_.tasks[figures.id.task];
  entry.progress = figures.done;
  entry.fps = figures.fps;
  report_.live = figures;
  report_.progress = figures.done;
  if (figures.verifying && report_.state == job_state::running)
    enter(job_state::verifying);
  return true;
}

bool job_machine::grant(const attempt_id& attempt) {
  return running_ == attempt && granted_.insert(attempt.task).second;
}

bool job_machine::finish(const attempt_id& attempt) {
  if (running_ != attempt)
    return false;
  auto& entry = report_.tasks[attempt.task];
  entry.state = task_state::done;
  entry.progress = 1;
  running_.reset();
  return true;
}

void job_machine::complete(job_result result, uint64_t now_ms) {
  enter(job_state::completed);
  report_.result = std::move(result);
  report_.progress = 1;
  report_.finished_ms = now_ms;
}

void job_machine::fail(failure error, uint64_t now_ms) {
  auto cancelled = error.code == ec::cancelled;
  enter(cancelled ? job_state::cancelled : job_state::failed);
  for (auto& task : report_.tasks) {
    if (task.state == task_state::running)
      task.state = cancelled ? task_state::cancelled : task_state::failed;
    else if (task.state == task_state::waiting)
      task.state = task_state::cancelled;
  }
  running_.reset();
  report_.error = std::move(error);
  report_.finished_ms = now_ms;
}

void job_machine::enter(job_state next) {
  if (!may_follow(report_.state, next))
    throw std::logic_error("a job cannot go from "
                           + std::string{to_string(report_.state)} + " to "
                           + std::string{to_string(next)});
  report_.state = next;
}

} // namespace troupe
