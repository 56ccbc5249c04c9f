#include "actors/attempt_book.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

failure stale(const task_spec& task, uint64_t newest) {
  return {ec::stale_epoch, to_string(task.id),
          "comes from reign " + std::to_string(task.epoch) + ", but reign "
              + std::to_string(newest) + " has begun",
          ""};
}

} // namespace

bool attempt_book::obeys(uint64_t epoch) {
  if (epoch < epoch_)
    return false;
  epoch_ = epoch;
  return true;
}

outcome<attempt_book::admission> attempt_book::admit(const task_spec& task) {
  if (!obeys(task.epoch))
    return stale(task, epoch_);
  if (attempts_.contains(task.id))
    return admission{true, false, std::nullopt};
  if (draining_)
    return failure{ec::draining, to_string(task.id),
                   "the node takes no new tasks", "`troupe undrain` lets it"};
  admission result;
  auto found = seats_.find(task.id.job);
  result.seated = found != seats_.end();
  if (!result.seated && seats_.size() >= slots_)
    result.evicted = longest_idle();
  if (result.seated ? !found->second.idle
                    : seats_.size() >= slots_ && !result.evicted)
    return failure{ec::no_slot, to_string(task.id),
                   "all " + std::to_string(slots_) + " slots are in use", ""};
  if (result.evicted)
    seats_.erase(*result.evicted);
  seats_[task.id.job] = {task.id, false, {}};
  auto& held = attempts_[task.id].held;
  held.spec = task;
  held.progress.id = task.id;
  return result;
}

/// The attempt, when it is at one of these stages.
attempt_book::entry* attempt_book::at(const attempt_id& attempt,
                                      attempt_stage first, attempt_stage last) {
  auto found = attempts_.find(attempt);
  if (found == attempts_.end())
    return nullptr;
  auto stage = found->second.held.stage;
  return stage >= first && stage <= last ? &found->second : nullptr;
}

const held_attempt* attempt_book::progressed(const task_progress& x) {
  auto found = at(x.id, attempt_stage::running, attempt_stage::running);
  if (!found)
    return nullptr;
  found->held.progress = x;
  return &found->held;
}

const held_attempt* attempt_book::asks(const attempt_id& attempt) {
  auto found = at(attempt, attempt_stage::running, attempt_stage::running);
  if (!found)
    return nullptr;
  found->held.stage = attempt_stage::asking;
  return &found->held;
}

const held_attempt* attempt_book::granted(const attempt_id& attempt) {
  auto found = at(attempt, attempt_stage::asking, attempt_stage::asking);
  if (!found)
    return nullptr;
  found->held.stage = attempt_stage::publishing;
  return &found->held;
}

const held_attempt* attempt_book::done(const task_result& x, time_point now) {
  auto found = at(x.id, attempt_stage::running, attempt_stage::publishing);
  if (!found)
    return nullptr;
  found->held.result = x;
  return end(*found, attempt_stage::done, now);
}

const held_attempt* attempt_book::failed(const attempt_id& attempt,
                                         const failure& error, time_point now) {
  auto found = at(attempt, attempt_stage::running, attempt_stage::publishing);
  if (!found)
    return nullptr;
  found->held.error = error;
  if (found->handed_back && error.code == ec::cancelled)
    found->held.error = {ec::handed_back, to_string(attempt),
                         "the node gave it back, as it leaves", ""};
  return end(*found, attempt_stage::failed, now);
}

const held_attempt* attempt_book::end(entry& x, attempt_stage stage,
                                      time_point now) {
  const auto& id = x.held.spec.id;
  x.held.stage = stage;
  if (auto found = seats_.find(id.job);
      found != seats_.end() && found->second.last == id) {
    found->second.idle = true;
    found->second.since = now;
  }
  ends_.push_back(id);
  // Only ends count here, of which acknowledged ones are gone already.
  if (ends_.size() > kept_) {
    dropped_.push_back(ends_.front());
    attempts_.erase(ends_.front());
    ends_.pop_front();
  }
  return &x.held;
}

bool attempt_book::ended(const attempt_id& attempt) {
  auto found = seats_.find(attempt.job);
  if (found == seats_.end() || found->second.last != attempt)
    return false;
  seats_.erase(found);
  return true;
}

const held_attempt* attempt_book::died(const job_id& job,
                                       const std::string& cause,
                                       time_point now) {
  auto found = seats_.find(job);
  if (found == seats_.end())
    return nullptr;
  auto last = found->second.last;
  seats_.erase(found);
  return failed(last,
                {ec::internal, to_string(last), "its encoder ended: " + cause,
                 "please report this"},
                now);
}

std::vector<attempt_id> attempt_book::hand_back() {
  draining_ = true;
  std::vector<attempt_id> result;
  for (auto& [id, x] : attempts_) {
    if (x.held.stage > attempt_stage::asking)
      continue;
    x.handed_back = true;
    result.push_back(id);
  }
  return result;
}

std::optional<job_id> attempt_book::longest_idle() const {
  std::optional<job_id> result;
  time_point earliest = time_point::max();
  for (const auto& [job, x] : seats_)
    if (x.idle && x.since < earliest) {
      earliest = x.since;
      result = job;
    }
  return result;
}

std::vector<job_id> attempt_book::dismiss_idle(time_point then) {
  std::vector<job_id> result;
  std::erase_if(seats_, [&](const auto& x) {
    if (!x.second.idle || x.second.since > then)
      return false;
    result.push_back(x.first);
    return true;
  });
  return result;
}

bool attempt_book::has_idle() const {
  return longest_idle().has_value();
}

bool attempt_book::acknowledge(const attempt_id& attempt) {
  if (!at(attempt, attempt_stage::done, attempt_stage::failed))
    return false;
  attempts_.erase(attempt);
  std::erase(ends_, attempt);
  return true;
}

bool attempt_book::release(const job_id& job) {
  std::erase_if(attempts_, [&](const auto& x) { return x.first.job == job; });
  std::erase_if(ends_, [&](const auto& x) { return x.job == job; });
  return seats_.erase(job) != 0;
}

const held_attempt* attempt_book::find(const attempt_id& attempt) const {
  auto found = attempts_.find(attempt);
  return found != attempts_.end() ? &found->second.held : nullptr;
}

std::vector<attempt_id> attempt_book::asking() const {
  std::vector<attempt_id> result;
  for (const auto& [id, x] : attempts_)
    if (x.held.stage == attempt_stage::asking)
      result.push_back(id);
  return result;
}

std::vector<held_attempt> attempt_book::all() const {
  std::vector<held_attempt> result;
  for (const auto& [id, x] : attempts_)
    result.push_back(x.held);
  return result;
}

std::vector<attempt_id> attempt_book::take_dropped() {
  return std::exchange(dropped_, {});
}

} // namespace troupe
