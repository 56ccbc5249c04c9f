#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/journal.hpp"
#include "messages/member.hpp"
#include "messages/task.hpp"

namespace troupe {

/// One attempt as its job knows it.
struct attempt_entry {
  attempt_record record;
  task_progress progress; ///< the last that was heard
  /// Its worker was told to abandon it, or will be: its end moves nothing.
  bool unwanted = false;
  /// Of an earlier reign; nobody has said yet whether it still runs.
  bool awaited = false;
  /// Its worker said that it has it.
  bool begun = false;
  /// Of attempts that were granted, the one with the highest is the one that
  /// counts: it was granted when the others were gone. Records don't tell;
  /// there the number stands in, as attempts mostly follow each other.
  uint32_t grant_turn = 0;

  /// It runs on a node that can be spoken to, or is awaited.
  bool alive() const { return record.end == attempt_end::none; }
};

/// A task and all of its attempts.
struct task_entry {
  task_kind kind = task_kind::probe;
  bool done = false;
  bool waiting = false;                ///< wants a slot for another attempt
  std::vector<attempt_entry> attempts; ///< by number, from 1
};

/// The tasks of one job and their attempts. No actor, no clock. Times are Unix
/// milliseconds.
class task_ledger {
public:
  task_ledger() = default;

  /// The tasks as a journal has them: attempts that were running are awaited.
  task_ledger(const job_id& job, const std::vector<attempt_record>& attempts);

  const std::vector<task_entry>& tasks() const { return tasks_; }

  /// Adds a task that waits for a slot. @returns its index
  uint32_t add(const job_id& job, task_kind kind);

  /// A task that is done is to be done again.
  void reopen(uint32_t task) { tasks_.at(task).done = false; }

  /// The task wants a slot, or doesn't any more.
  void set_waiting(uint32_t task, bool waiting);

  /// Starts the next attempt of the task.
  const attempt_record& start(uint32_t task, const node_key& node,
                              uint64_t now_ms);

  /// The attempt; null when there is none like it.
  attempt_entry* find(const attempt_id& id);
  const attempt_entry* find(const attempt_id& id) const;

  /// Ends an attempt that was alive; null when it wasn't.
  attempt_entry* end(const attempt_id& id, attempt_end how, ec code,
                     uint64_t now_ms);

  /// The task is done; it waits for nothing any more. What else runs of it is
  /// for the caller to abandon.
  void finish(uint32_t task);

  /// A node came back with an attempt. @returns it, alive again; null when it
  /// is unknown, of another run of the node, unwanted, ended for good, or its
  /// task is done
  attempt_entry* revive(const attempt_id& id, const node_key& node);

  /// Decides whether the attempt may publish. Granted when it is alive and
  /// wanted, and none other that is alive was granted, or none after it when it
  /// was granted before. In doubt are those granted before it that left no word
  /// or still run.
  publish_grant grant(const attempt_id& id);

  /// Some attempt was granted and may have published, or be about to: it was
  /// lost, or still runs.
  bool has_doubts() const;

  /// An attempt of the task is alive and may still bring its result.
  bool is_wanted_alive(uint32_t task) const;

  /// Every attempt that is alive.
  std::vector<attempt_entry*> alive();
  std::vector<const attempt_entry*> alive() const;
  std::vector<attempt_entry*> alive(uint32_t task);

  /// Of attempts of one task that race, those clearly behind another one; the
  /// one furthest ahead is never among them.
  std::vector<attempt_entry*> clearly_behind(uint32_t task);

private:
  std::vector<task_entry> tasks_;
  job_id job_;
};

} // namespace troupe
