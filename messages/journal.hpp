#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/job.hpp"
#include "messages/task.hpp"

/// What the coordinator's side writes down, in the words of the journal. These
/// structs stay in one process; docs/journal.md has the form on disk.
namespace troupe {

/// What a user wants of a job besides its end.
enum class job_wish : uint8_t {
  run = 1,
  pause = 2,  ///< nothing new is placed
  cancel = 3, ///< ends once nothing of it runs
};

/// A job as it is admitted. Never changes.
struct submitted_job {
  job_id id;
  job_request request; ///< valid, with a name
  uint32_t priority = 5;
  uint64_t created_ms = 0; ///< Unix
};

/// The changing part of a job.
struct job_record {
  job_id id;
  job_state state = job_state::queued;
  job_wish wish = job_wish::run;
  uint64_t started_ms = 0;  ///< Unix; 0: not yet
  uint64_t finished_ms = 0; ///< Unix; 0: not yet
  uint32_t tries = 0;       ///< failed attempts that count towards the limit
  uint32_t crashes = 0;     ///< sessions that it brought down
  std::vector<std::string> lost_nodes; ///< that were lost with a task of it
  std::string node;                    ///< where it must run; "" means anywhere
  failure error;                       ///< unless code none
  std::optional<job_result> result;    ///< when completed
};

/// What was decided about how a job is encoded; every attempt follows it.
struct plan_record {
  job_id id;
  encode_plan plan;
};

/// How an attempt ended.
enum class attempt_end : uint8_t {
  none = 0, ///< it runs, for all we know
  done = 1,
  failed = 2,
  lost = 3, ///< its node is gone; it may come back
  cancelled = 4,
};

/// "running", "done", "failed", "lost", "cancelled".
std::string_view to_string(attempt_end end);

/// One attempt, from its placing to its end.
struct attempt_record {
  attempt_id id;
  task_kind kind = task_kind::probe;
  std::string node;
  uint64_t incarnation = 0; ///< of the node
  bool granted = false;     ///< it was let publish
  attempt_end end = attempt_end::none;
  ec code = ec::none; ///< of a failed one
  uint64_t started_ms = 0;
  uint64_t ended_ms = 0;
};

/// What the admin decided about a node; outlives both.
struct node_record {
  std::string name;
  bool drained = false;
};

/// One or more decisions, written all or none.
struct journal_change {
  std::vector<job_record> jobs;         ///< put in place of what was there
  std::vector<plan_record> plans;       ///< "
  std::vector<attempt_record> attempts; ///< "
  std::vector<node_record> nodes;       ///< "
  std::vector<log_line> log;            ///< added
  std::vector<job_id> forgotten;        ///< everything about them goes
};

/// A job that hasn't ended, as a restarted coordinator finds it.
struct remembered_job {
  submitted_job job;
  job_record record;
  std::optional<encode_plan> plan;
  std::vector<attempt_record> attempts; ///< all, by task and number
};

/// Everything that a restarted coordinator needs.
struct journal_image {
  uint64_t epoch = 0; ///< of the reign that begins; already durable
  std::vector<remembered_job> jobs; ///< not ended, by id
  std::vector<node_record> nodes;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, submitted_job& x) {
  return f(x.id, x.request, x.priority, x.created_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, attempt_record& x) {
  return f(x.id, x.kind, x.node, x.incarnation, x.granted, x.end, x.code,
           x.started_ms, x.ended_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_record& x) {
  return f(x.name, x.drained);
}

} // namespace troupe
