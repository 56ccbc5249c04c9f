#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "messages/ids.hpp"
#include "messages/task.hpp"

namespace troupe {

/// A task that waits for a slot.
struct ready_task {
  uint32_t priority = 5; ///< 1 (first) to 10
  job_id job;            ///< ids sort by age
  uint32_t task = 0;     ///< index in its job

  friend auto operator<=>(const ready_task&, const ready_task&) = default;
};

/// A node that has what a class of tasks needs.
struct fitting_node {
  uint32_t index = 0;   ///< in the node table
  double speed = 0;     ///< what its speed adds to its score
  bool avoided = false; ///< taken only when no other fits
};

/// Tasks that need the same of a node, in the order of their turn.
struct ready_class {
  /// Of all; `task` and `priority` mean nothing here.
  task_needs needs;
  std::set<ready_task> tasks;

  /// Nodes that have what is needed, by index, as of `generation`; free slots
  /// are another matter. Filled in by whoever places.
  std::vector<fitting_node> fitting;
  bool has_others = false; ///< than those to be avoided
  uint64_t generation = 0;
};

/// Tasks that wait for a slot: priority first, then age. Kept by what they
/// need, so that a hundred thousand that wait for one busy node are one glance.
class ready_queue {
public:
  using class_map = std::map<std::string, ready_class>;

  /// Adds the task, or changes what it needs.
  void push(const job_id& job, const task_needs& needs);

  /// Takes one task away, if it is there.
  void remove(const job_id& job, uint32_t task);

  /// Takes every task of the job away.
  void remove(const job_id& job);

  size_t size() const { return where_.size(); }

  /// What the task needs; null when it doesn't wait.
  const task_needs* needs_of(const job_id& job, uint32_t task) const;

  /// None of them is empty.
  class_map& classes() { return classes_; }

private:
  struct place {
    class_map::iterator where;
    uint32_t priority;
  };

  void take_out(const std::pair<job_id, uint32_t>& task, const place& from);

  class_map classes_; ///< by `class_key`
  std::map<std::pair<job_id, uint32_t>, place> where_;
};

} // namespace troupe
