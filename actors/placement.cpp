#include "actors/placement.hpp"

namespace troupe {

namespace {

/// Why the worker can't take a task; "" when it can.
std::string misfit(const worker_load& worker) {
  if (!worker.present)
    return worker.node + ": is gone";
  if (worker.used < worker.slots)
    return "";
  if (worker.slots == 1)
    return worker.node + ": its only slot is in use";
  return worker.node + ": all of its " + std::to_string(worker.slots)
         + " slots are in use";
}

double free_share(const worker_load& worker) {
  return static_cast<double>(worker.slots - worker.used) / worker.slots;
}

} // namespace

void ready_queue::push(const ready_task& task) {
  tasks_.emplace(std::pair{task.priority, pushed_++}, task);
}

const ready_task* ready_queue::front() const {
  return tasks_.empty() ? nullptr : &tasks_.begin()->second;
}

void ready_queue::pop() {
  tasks_.erase(tasks_.begin());
}

void ready_queue::remove(const job_id& job) {
  std::erase_if(tasks_, [&](const auto& x) { return x.second.job == job; });
}

placement place(const std::vector<worker_load>& workers) {
  placement result;
  for (size_t i = 0; i < workers.size(); ++i) {
    if (auto reason = misfit(workers[i]); !reason.empty())
      result.refusals.push_back(std::move(reason));
    else if (!result.worker
             || free_share(workers[i]) > free_share(workers[*result.worker]))
      result.worker = i;
  }
  return result;
}

} // namespace troupe
