#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "messages/ids.hpp"

namespace troupe {

/// A task that waits for a slot.
struct ready_task {
  job_id job;
  uint32_t task = 0;     ///< index in its job
  uint32_t priority = 5; ///< 1 (first) to 10

  friend bool operator==(const ready_task&, const ready_task&) = default;
};

/// Tasks that wait for a slot: priority first, then age.
class ready_queue {
public:
  void push(const ready_task& task);

  /// The task whose turn it is; null when none waits.
  const ready_task* front() const;

  /// Takes the front away.
  void pop();

  /// Takes every task of the job away.
  void remove(const job_id& job);

  size_t size() const { return tasks_.size(); }

private:
  /// By priority, then by the number of tasks that came before.
  std::map<std::pair<uint32_t, uint64_t>, ready_task> tasks_;
  uint64_t pushed_ = 0;
};

/// What placement must know of one worker.
struct worker_load {
  std::string node;
  bool present = true; ///< false once it is gone
  uint32_t slots = 1;
  uint32_t used = 0; ///< slots that hold a task
};

/// Where a task goes, and why not elsewhere.
struct placement {
  std::optional<size_t> worker;      ///< index; nothing when none fits
  std::vector<std::string> refusals; ///< "alpha: its only slot is in use"
};

/// Picks the worker with the largest share of free slots, the first of equals.
placement place(const std::vector<worker_load>& workers);

} // namespace troupe
