#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"
#include "messages/ids.hpp"
#include "messages/plan.hpp"
#include "messages/report.hpp"

namespace troupe {

enum class task_kind : uint8_t {
  /// Reads what the input is.
  probe = 1,
  /// Encodes the whole input into every output, verifies and publishes.
  whole = 2,
};

/// "probe", "whole".
std::string_view to_string(task_kind kind);

enum class task_state : uint8_t {
  waiting = 1, ///< not placed
  running = 2,
  done = 3,
  failed = 4,
  cancelled = 5,
};

/// "waiting", "running", ...
std::string_view to_string(task_state state);

/// A piece of a job that one worker does, as the worker gets it.
struct task_spec {
  attempt_id id;
  task_kind kind = task_kind::probe;
  std::string input;
  /// Encoders that the job will probably use; the session readies them before
  /// its sandbox closes.
  std::vector<std::string> likely_encoders;
  /// Final paths, one per output of the plan. A probe sees to it that they
  /// could be made, so that a job which cannot publish does not start.
  std::vector<std::string> outputs;
  bool replace = false;
  double stall_timeout_s = 60;
  encode_plan plan; ///< for kind whole
  /// The reign of the coordinator that placed it; workers refuse older ones.
  uint64_t epoch = 0;
  /// An earlier attempt of the task was let publish and is gone: what is there
  /// in the outputs' place may be its work, and is judged once this one is let
  /// publish (publish_grant::in_doubt) and not before.
  bool in_doubt = false;
};

/// Where a running task is; sent at most four times a second.
struct task_progress {
  attempt_id id;
  double done = 0;        ///< 0 to 1; 0 while the duration is not known
  double fps = 0;         ///< video frames per second so far
  double speed = 0;       ///< media seconds per second so far
  double eta_s = 0;       ///< seconds to go; 0 while not known
  bool verifying = false; ///< the encode is done, the result is being checked
  session_progress counters;
};

/// What a task ended with.
struct task_result {
  attempt_id id;
  media_info media;                  ///< of a probe
  encode_report report;              ///< of a whole
  std::vector<std::string> warnings; ///< of the verification
  double wall_s = 0;
};

/// How far an attempt that a worker holds has come.
enum class attempt_stage : uint8_t {
  running = 1,    ///< its session works
  asking = 2,     ///< verified; waits for leave to publish
  publishing = 3, ///< was granted and renames
  done = 4,       ///< result kept until acknowledged
  failed = 5,     ///< failure kept until acknowledged
};

/// "running", "asking", ...
std::string_view to_string(attempt_stage stage);

/// An attempt as its worker tells of it to a coordinator that it finds again.
struct held_attempt {
  task_spec spec;
  attempt_stage stage = attempt_stage::running;
  task_progress progress; ///< the last that was said
  task_result result;     ///< of stage done
  failure error;          ///< of stage failed
};

/// The JOB's answer to an attempt that wants to publish.
struct publish_grant {
  attempt_id attempt;
  bool granted = false;
  /// Attempts of the same task that were granted before, on nodes that are
  /// gone: they may have published, or be about to.
  std::vector<uint32_t> in_doubt;

  friend bool operator==(const publish_grant&, const publish_grant&) = default;
};

/// What a task needs of the node that runs it.
struct task_needs {
  uint32_t task = 0;               ///< index in its job
  uint32_t priority = 5;           ///< 1 (first) to 10
  std::vector<std::string> reads;  ///< roots
  std::vector<std::string> writes; ///< roots
  /// libav's names, one of which must work; empty when no picture is encoded.
  std::vector<std::string> encoders;
  std::string node; ///< the only one allowed; "" means any
  /// Nodes that failed at it: taken only when no other ever could.
  std::vector<std::string> avoid;

  friend bool operator==(const task_needs&, const task_needs&) = default;
};

/// A task as a client sees it.
struct task_report {
  uint32_t index = 0;
  task_kind kind = task_kind::probe;
  task_state state = task_state::waiting;
  std::string node; ///< "" until placed
  uint32_t attempt = 0;
  double progress = 0;
  double fps = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, task_spec& x) {
  return f(x.id, x.kind, x.input, x.likely_encoders, x.outputs, x.replace,
           x.stall_timeout_s, x.plan, x.epoch, x.in_doubt);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, held_attempt& x) {
  return f(x.spec, x.stage, x.progress, x.result, x.error);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, publish_grant& x) {
  return f(x.attempt, x.granted, x.in_doubt);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, task_needs& x) {
  return f(x.task, x.priority, x.reads, x.writes, x.encoders, x.node, x.avoid);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, task_progress& x) {
  return f(x.id, x.done, x.fps, x.speed, x.eta_s, x.verifying, x.counters);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, task_result& x) {
  return f(x.id, x.media, x.report, x.warnings, x.wall_s);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, task_report& x) {
  return f(x.index, x.kind, x.state, x.node, x.attempt, x.progress, x.fps);
}

} // namespace troupe
