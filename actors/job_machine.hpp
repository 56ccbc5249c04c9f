#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "messages/job.hpp"

namespace troupe {

/// True when a job may go from one state to the other.
bool may_follow(job_state from, job_state to);

/// One job from its submission to its end: its state, its tasks and which
/// attempts count. No actor, no clock, no disk. Times are Unix milliseconds.
class job_machine {
public:
  /// @param first the report of a job that is queued
  explicit job_machine(job_report first) : report_(std::move(first)) {}

  /// The job as it stands.
  const job_report& report() const { return report_; }

  bool ended() const { return is_final(report_.state); }

  /// Adds a task that waits for a slot. @returns its index
  uint32_t add(task_kind kind);

  /// True when the task exists and waits for a slot.
  bool waits(uint32_t task) const;

  /// Starts the next attempt of a task that waits. A probe starts the planning,
  /// a whole the running.
  attempt_id start(uint32_t task, const std::string& node, uint64_t now_ms);

  /// The attempt that runs, if one does.
  std::optional<attempt_id> running() const { return running_; }

  /// Takes an attempt's figures. False when it isn't the one that runs.
  bool progress(const task_progress& figures);

  /// True once, for the attempt that runs: it may publish.
  bool grant(const attempt_id& attempt);

  /// The attempt did its task. False when it isn't the one that runs.
  bool finish(const attempt_id& attempt);

  /// Ends the job well.
  void complete(job_result result, uint64_t now_ms);

  /// Ends the job badly: as cancelled when that is the error's code. What runs
  /// or waits ends with it.
  void fail(failure error, uint64_t now_ms);

private:
  void enter(job_state next);

  job_report report_;
  std::optional<attempt_id> running_;
  std::set<uint32_t> granted_; ///< tasks whose result somebody may publish
};

} // namespace troupe
