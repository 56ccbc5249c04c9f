#include "actors/task_ledger.hpp"

#include <algorithm>

namespace troupe {

namespace {

/// One tenth of the task: less may turn in a minute.
constexpr double clear_lead = 0.1;

} // namespace

task_ledger::task_ledger(const job_id& job,
                         const std::vector<attempt_record>& attempts)
    : job_(job) {
  for (const auto& x : attempts) {
    while (tasks_.size() <= x.id.task)
      tasks_.emplace_back();
    auto& task = tasks_[x.id.task];
    task.kind = x.kind;
    task.done = task.done || x.end == attempt_end::done;
    // A journal has them by number, without gaps.
    task.attempts.push_back(
        {x, {}, false, x.end == attempt_end::none, true, x.id.number});
  }
}

uint32_t task_ledger::add(const job_id& job, task_kind kind) {
  job_ = job;
  task_entry task;
  task.kind = kind;
  task.waiting = true;
  tasks_.push_back(std::move(task));
  return static_cast<uint32_t>(tasks_.size() - 1);
}

void task_ledger::set_waiting(uint32_t task, bool waiting) {
  tasks_.at(task).waiting = waiting;
}

const attempt_record& task_ledger::start(uint32_t task, const node_key& node,
                                         uint64_t now_ms) {
  auto& entry = tasks_.at(task);
  entry.waiting = false;
  attempt_entry made;
  auto number =
      entry.attempts.empty() ? 1 : entry.attempts.back().record.id.number + 1;
  made.record.id = {job_, task, number};
  made.record.kind = entry.kind;
  made.record.node = node.name;
  made.record.incarnation = node.incarnation;
  made.record.started_ms = now_ms;
  entry.attempts.push_back(std::move(made));
  return entry.attempts.back().record;
}

const attempt_entry* task_ledger::find(const attempt_id& id) const {
  if (id.job != job_ || id.task >= tasks_.size())
    return nullptr;
  for (const auto& x : tasks_[id.task].attempts)
    if (x.record.id == id)
      return &x;
  return nullptr;
}

attempt_entry* task_ledger::find(const attempt_id& id) {
  const auto* self = this;
  return const_cast<attempt_entry*>(self->find(id));
}

attempt_entry* task_ledger::end(const attempt_id& id, attempt_end how, ec code,
                                uint64_t now_ms) {
  auto* found = find(id);
  if (found == nullptr || !found->alive())
    return nullptr;
  found->record.end = how;
  found->record.code = code;
  found->record.ended_ms = now_ms;
  found->awaited = false;
  return found;
}

void task_ledger::finish(uint32_t task) {
  auto& entry = tasks_.at(task);
  entry.done = true;
  entry.waiting = false;
}

attempt_entry* task_ledger::revive(const attempt_id& id, const node_key& node) {
  auto* found = find(id);
  if (found == nullptr || tasks_[id.task].done || found->unwanted
      || found->record.node != node.name
      || found->record.incarnation != node.incarnation)
    return nullptr;
  auto& record = found->record;
  if (record.end != attempt_end::none && record.end != attempt_end::lost)
    return nullptr;
  record.end = attempt_end::none;
  record.code = ec::none;
  record.ended_ms = 0;
  found->awaited = false;
  return found;
}

publish_grant task_ledger::grant(const attempt_id& id) {
  publish_grant result{id, false, {}};
  auto* found = find(id);
  if (found == nullptr || !found->alive() || found->unwanted
      || tasks_[id.task].done)
    return result;
  auto last = found->grant_turn;
  for (const auto& x : tasks_[id.task].attempts) {
    if (!x.record.granted || x.record.id == id)
      continue;
    auto after = !found->record.granted || x.grant_turn > found->grant_turn;
    if (x.alive() && after)
      return {id, false, {}};
    // Failed and cancelled ones left nothing behind; lost ones might have.
    if (x.alive() || x.record.end == attempt_end::lost)
      result.in_doubt.push_back(x.record.id.number);
    last = std::max(last, x.grant_turn);
  }
  if (!found->record.granted)
    found->grant_turn = last + 1;
  found->record.granted = true;
  result.granted = true;
  return result;
}

bool task_ledger::has_doubts() const {
  auto in_doubt = [](const attempt_entry& x) {
    return x.record.granted && (x.alive() || x.record.end == attempt_end::lost);
  };
  return std::ranges::any_of(tasks_, [&](const auto& task) {
    return std::ranges::any_of(task.attempts, in_doubt);
  });
}

bool task_ledger::is_wanted_alive(uint32_t task) const {
  const auto& attempts = tasks_.at(task).attempts;
  return std::any_of(attempts.begin(), attempts.end(),
                     [](const auto& x) { return x.alive() && !x.unwanted; });
}

std::vector<attempt_entry*> task_ledger::alive() {
  std::vector<attempt_entry*> result;
  for (auto& task : tasks_)
    for (auto& x : task.attempts)
      if (x.alive())
        result.push_back(&x);
  return result;
}

std::vector<const attempt_entry*> task_ledger::alive() const {
  std::vector<const attempt_entry*> result;
  for (const auto& task : tasks_)
    for (const auto& x : task.attempts)
      if (x.alive())
        result.push_back(&x);
  return result;
}

std::vector<attempt_entry*> task_ledger::alive(uint32_t task) {
  std::vector<attempt_entry*> result;
  for (auto& x : tasks_.at(task).attempts)
    if (x.alive())
      result.push_back(&x);
  return result;
}

std::vector<attempt_entry*> task_ledger::clearly_behind(uint32_t task) {
  auto racing = alive(task);
  std::erase_if(racing,
                [](const auto* x) { return x->unwanted || x->awaited; });
  if (racing.size() < 2)
    return {};
  auto ahead = *std::max_element(
      racing.begin(), racing.end(), [](const auto* a, const auto* b) {
        // Of equals the older one is ahead.
        return std::pair{a->progress.done, b->record.id.number}
               < std::pair{b->progress.done, a->record.id.number};
      });
  std::erase_if(racing, [&](const auto* x) {
    return x == ahead || x->record.granted
           || ahead->progress.done - x->progress.done < clear_lead;
  });
  return racing;
}

} // namespace troupe
