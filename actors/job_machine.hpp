#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/retry_policy.hpp"
#include "actors/task_ledger.hpp"
#include "messages/journal.hpp"

namespace troupe {

/// True when a job may go from one state to the other.
bool may_follow(job_state from, job_state to);

/// One job from its submission to its end: its state, its tasks and which
/// attempts count. What it decides gathers as a journal change, which must be
/// durable before anybody hears of the decision. No actor, no clock, no disk.
/// Times are Unix milliseconds.
class job_machine {
public:
  /// A job as a journal has it; one that is new has no attempts.
  explicit job_machine(const remembered_job& from);

  const job_id& id() const { return job_.id; }
  const job_spec& spec() const { return job_.request.spec; }
  const job_record& record() const { return record_; }
  const std::optional<encode_plan>& plan() const { return plan_; }
  const task_ledger& tasks() const { return tasks_; }
  task_ledger& tasks() { return tasks_; }

  bool ended() const { return is_final(record_.state); }

  /// The job as it stands, for people.
  job_report report() const;

  /// Why nothing of it runs, or will soon; "" when that isn't so.
  std::string waiting() const;

  /// The same, as it was before the job ended: what may be told of an end that
  /// isn't durable.
  job_report report_before_end() const;

  /// What was decided since the last call.
  journal_change take_change();

  /// Adds a line to the job's log.
  void log(uint64_t now_ms, std::string text);

  /// The task that comes next: the probe, or with a plan the whole. Adds it
  /// when it isn't there.
  uint32_t next_task();

  /// Starts the next attempt of a task.
  attempt_id start(uint32_t task, const node_key& node, uint64_t now_ms);

  /// The attempt's worker has taken it.
  void begun(const attempt_id& attempt);

  /// Takes an attempt's figures. False when nobody waits for them.
  bool progress(const task_progress& figures);

  /// See task_ledger::grant.
  publish_grant grant(const attempt_id& attempt, uint64_t now_ms);

  /// The attempt did its task. False when that moves nothing: the task was
  /// done already, or the job is over.
  bool finish(const attempt_id& attempt, uint64_t now_ms);

  /// Everything that follows will be done by this plan.
  void set_plan(encode_plan plan, uint64_t now_ms);

  /// The attempt failed; with worker_lost that is `lost`. @returns what
  /// follows; nothing when its end moves nothing: it was unwanted, or another
  /// one still runs
  std::optional<retry_ruling> failed(const attempt_id& attempt,
                                     const failure& error,
                                     const retry_limits& limits,
                                     uint64_t now_ms);

  /// The attempt's node is gone. As `failed`, but it counts only if its worker
  /// had taken it: what never ran brought nothing down.
  std::optional<retry_ruling> lost(const attempt_id& attempt,
                                   const retry_limits& limits, uint64_t now_ms);

  /// A lost or awaited attempt is back: false when it can go.
  bool revive(const attempt_id& attempt, const node_key& node, uint64_t now_ms);

  /// What a user wants; it takes effect when nothing runs any more.
  void wish(job_wish what, uint64_t now_ms);
  /// Shows a paused job as such, and one that goes on as what it was.
  void settle_pause();

  /// The job is to run on this node; "" means anywhere.
  void pin(std::string node, uint64_t now_ms);

  /// Ends the job well.
  void complete(job_result result, uint64_t now_ms);

  /// Ends the job badly: as cancelled when that is the error's code.
  void fail(failure error, uint64_t now_ms);

private:
  void enter(job_state next);
  void note(const attempt_entry& attempt);
  retry_counts counts() const;
  void take_counts(const retry_counts& counts);
  /// With the job all of its attempts end.
  void end_the_rest(uint64_t now_ms);

  submitted_job job_;
  job_record record_;
  job_state before_end_ = job_state::queued; ///< once it has ended
  std::optional<encode_plan> plan_;
  task_ledger tasks_;
  journal_change change_;
  bool record_changed_ = false;
  task_progress live_;    ///< of the attempt that is furthest
  uint32_t refusals_ = 0; ///< see retry_counts; not worth writing down
};

/// The report of a job that still queues: nothing of it has run.
job_report queued_report(const submitted_job& job);

} // namespace troupe
