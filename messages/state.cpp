#include "messages/job.hpp"
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

} // namespace troupe
