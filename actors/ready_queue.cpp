#include "actors/ready_queue.hpp"

namespace troupe {

namespace {

/// Equal for equal needs. Counts keep "a","b" apart from "ab".
std::string class_key(const task_needs& needs) {
  std::string result;
  auto add = [&](const std::string& x) {
    result += std::to_string(x.size()) + ':' + x;
  };
  for (const auto* list :
       {&needs.reads, &needs.writes, &needs.encoders, &needs.avoid}) {
    result += std::to_string(list->size()) + '[';
    for (const auto& x : *list)
      add(x);
  }
  add(needs.node);
  return result;
}

} // namespace

void ready_queue::push(const job_id& job, const task_needs& needs) {
  remove(job, needs.task);
  auto found = classes_.try_emplace(class_key(needs)).first;
  if (found->second.tasks.empty())
    found->second.needs = needs;
  found->second.tasks.insert({needs.priority, job, needs.task});
  where_.emplace(std::pair{job, needs.task}, place{found, needs.priority});
}

void ready_queue::take_out(const std::pair<job_id, uint32_t>& task,
                           const place& from) {
  auto& tasks = from.where->second.tasks;
  tasks.erase({from.priority, task.first, task.second});
  if (tasks.empty())
    classes_.erase(from.where);
}

void ready_queue::remove(const job_id& job, uint32_t task) {
  auto found = where_.find({job, task});
  if (found == where_.end())
    return;
  take_out(found->first, found->second);
  where_.erase(found);
}

void ready_queue::remove(const job_id& job) {
  auto first = where_.lower_bound({job, 0});
  while (first != where_.end() && first->first.first == job) {
    take_out(first->first, first->second);
    first = where_.erase(first);
  }
}

const task_needs* ready_queue::needs_of(const job_id& job,
                                        uint32_t task) const {
  auto found = where_.find({job, task});
  return found == where_.end() ? nullptr : &found->second.where->second.needs;
}

} // namespace troupe
