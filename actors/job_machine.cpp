#include "actors/job_machine.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace troupe {

bool may_follow(job_state from, job_state to) {
  using enum job_state;
  if (is_final(from) || from == to)
    return false;
  switch (to) {
    case failed:
    case cancelled:
    case paused:
    case completed:
      return true;
    case planning:
      // A plan of another version of troupe is made again.
      return from == queued || from == paused || from == running
             || from == assembling || from == verifying;
    case running:
      // Verified, but the node went: another attempt encodes it again.
      return from == planning || from == paused || from == verifying;
    case assembling:
      return from == running || from == paused;
    case verifying:
      return from == running || from == assembling;
    case queued:
      return from == paused;
  }
  return false;
}

job_machine::job_machine(const remembered_job& from)
    : job_(from.job), record_(from.record), plan_(from.plan),
      tasks_(from.job.id, from.attempts) {
  record_.id = job_.id;
  // One without outputs stands for a plan that was dropped.
  if (plan_ && plan_->outputs.empty())
    plan_.reset();
}

journal_change job_machine::take_change() {
  if (record_changed_)
    change_.jobs.push_back(record_);
  record_changed_ = false;
  return std::exchange(change_, {});
}

void job_machine::log(uint64_t now_ms, std::string text) {
  change_.log.push_back({job_.id, now_ms, std::move(text)});
}

void job_machine::note(const attempt_entry& attempt) {
  // Of several changes in one go only the last counts.
  auto& list = change_.attempts;
  std::erase_if(list, [&](const auto& x) { return x.id == attempt.record.id; });
  list.push_back(attempt.record);
}

void job_machine::enter(job_state next) {
  if (record_.state == next)
    return;
  if (!may_follow(record_.state, next))
    throw std::logic_error("a job cannot go from "
                           + std::string{to_string(record_.state)} + " to "
                           + std::string{to_string(next)});
  if (is_final(next))
    before_end_ = record_.state;
  record_.state = next;
  record_changed_ = true;
}

uint32_t job_machine::next_task() {
  auto kind = plan_ ? task_kind::whole : task_kind::probe;
  const auto& all = tasks_.tasks();
  for (uint32_t i = 0; i < all.size(); ++i)
    if (all[i].kind == kind) {
      // A plan that was dropped takes a second probe.
      tasks_.reopen(i);
      return i;
    }
  return tasks_.add(job_.id, kind);
}

attempt_id job_machine::start(uint32_t task, const node_key& node,
                              uint64_t now_ms) {
  auto id = tasks_.start(task, node, now_ms).id;
  const auto& attempt = *tasks_.find(id);
  if (record_.started_ms == 0) {
    record_.started_ms = now_ms;
    record_changed_ = true;
  }
  auto kind = attempt.record.kind;
  enter(kind == task_kind::probe ? job_state::planning : job_state::running);
  note(attempt);
  log(now_ms, std::string{to_string(kind)} + " goes to " + node.name
                  + ", attempt " + std::to_string(id.number));
  return id;
}

void job_machine::begun(const attempt_id& id) {
  if (auto* attempt = tasks_.find(id))
    attempt->begun = true;
}

bool job_machine::progress(const task_progress& figures) {
  auto* attempt = tasks_.find(figures.id);
  if (ended() || attempt == nullptr || !attempt->alive() || attempt->unwanted)
    return false;
  attempt->begun = true;
  attempt->progress = figures;
  refusals_ = 0;
  auto ahead = true;
  for (const auto* other : tasks_.alive(figures.id.task))
    ahead = ahead && other->progress.done <= figures.done;
  if (!ahead)
    return true;
  live_ = figures;
  if (figures.verifying && record_.state == job_state::running)
    enter(job_state::verifying);
  return true;
}

publish_grant job_machine::grant(const attempt_id& id, uint64_t now_ms) {
  if (ended() || record_.wish == job_wish::cancel)
    return {id, false, {}};
  const auto* before = tasks_.find(id);
  auto again = before != nullptr && before->record.granted;
  auto result = tasks_.grant(id);
  if (result.granted && !again) {
    note(*tasks_.find(id));
    log(now_ms, "attempt " + std::to_string(id.number) + " may publish");
  }
  return result;
}

bool job_machine::finish(const attempt_id& id, uint64_t now_ms) {
  if (ended())
    return false;
  auto* attempt = tasks_.end(id, attempt_end::done, ec::none, now_ms);
  if (attempt == nullptr)
    return false;
  note(*attempt);
  if (tasks_.tasks()[id.task].done)
    return false;
  tasks_.finish(id.task);
  log(now_ms, std::string{to_string(attempt->record.kind)} + " is done on "
                  + attempt->record.node);
  return true;
}

void job_machine::set_plan(encode_plan plan, uint64_t now_ms) {
  plan_ = plan;
  change_.plans.push_back({job_.id, std::move(plan)});
  log(now_ms, "planned");
}

retry_counts job_machine::counts() const {
  return {record_.tries, record_.crashes,
          static_cast<uint32_t>(record_.lost_nodes.size()), refusals_};
}

void job_machine::take_counts(const retry_counts& counts) {
  record_changed_ = record_changed_ || counts.tries != record_.tries
                    || counts.crashes != record_.crashes;
  record_.tries = counts.tries;
  record_.crashes = counts.crashes;
  refusals_ = counts.refusals;
}

std::optional<retry_ruling> job_machine::failed(const attempt_id& id,
                                                const failure& error,
                                                const retry_limits& limits,
                                                uint64_t now_ms) {
  if (error.code == ec::worker_lost) {
    begun(id); // it may have, and be too slow to say so
    return lost(id, limits, now_ms);
  }
  auto how = error.code == ec::cancelled ? attempt_end::cancelled
                                         : attempt_end::failed;
  auto* attempt = ended() ? nullptr : tasks_.end(id, how, error.code, now_ms);
  if (attempt == nullptr)
    return std::nullopt;
  note(*attempt);
  log(now_ms, std::string{to_string(attempt->record.kind)} + " failed on "
                  + attempt->record.node + ": " + to_string(error));
  if (attempt->unwanted || tasks_.tasks()[id.task].done)
    return std::nullopt;
  auto ruling = after_failure(limits, counts(), error);
  take_counts(ruling.counts);
  // A permanent error is everybody's; else the one that still runs goes on.
  if (tasks_.is_wanted_alive(id.task) && !is_permanent(error.code))
    return std::nullopt;
  return ruling;
}

std::optional<retry_ruling> job_machine::lost(const attempt_id& id,
                                              const retry_limits& limits,
                                              uint64_t now_ms) {
  auto* attempt =
      ended() ? nullptr
              : tasks_.end(id, attempt_end::lost, ec::worker_lost, now_ms);
  if (attempt == nullptr)
    return std::nullopt;
  note(*attempt);
  const auto& node = attempt->record.node;
  log(now_ms, node + " is gone, and with it "
                  + std::string{to_string(attempt->record.kind)} + ", attempt "
                  + std::to_string(id.number));
  if (attempt->unwanted || tasks_.tasks()[id.task].done)
    return std::nullopt;
  failure error{ec::worker_lost, node, "the worker is gone",
                "submit the job again"};
  // A coordinator that wakes up hears of one broken link after the other, and
  // may have placed the task again in between.
  auto ruling = after_loss(limits, counts(), error);
  if (attempt->begun) {
    record_.lost_nodes.push_back(node);
    record_changed_ = true;
  } else if (limits.attempts > 1) {
    ruling = {};
    ruling.what = retry_ruling::verdict::again;
  }
  refusals_ = 0;
  if (tasks_.is_wanted_alive(id.task))
    return std::nullopt;
  return ruling;
}

bool job_machine::revive(const attempt_id& id, const node_key& node,
                         uint64_t now_ms) {
  const auto* before = tasks_.find(id);
  // It follows a plan that was dropped.
  if (before != nullptr && before->record.kind == task_kind::whole && !plan_)
    return false;
  auto was_counted = before != nullptr && before->begun
                     && before->record.end == attempt_end::lost;
  auto* attempt = ended() ? nullptr : tasks_.revive(id, node);
  if (attempt == nullptr)
    return false;
  attempt->begun = true;
  // It was no loss after all.
  auto& lost = record_.lost_nodes;
  auto found = std::find(lost.begin(), lost.end(), node.name);
  if (was_counted && found != lost.end()) {
    lost.erase(found);
    record_changed_ = true;
  }
  note(*attempt);
  log(now_ms, node.name + " still runs "
                  + std::string{to_string(attempt->record.kind)} + ", attempt "
                  + std::to_string(id.number));
  return true;
}

void job_machine::wish(job_wish what, uint64_t now_ms) {
  if (record_.wish == what)
    return;
  record_.wish = what;
  record_changed_ = true;
  log(now_ms, what == job_wish::run     ? "to go on"
              : what == job_wish::pause ? "to pause"
                                        : "to be cancelled");
}

void job_machine::settle_pause() {
  if (ended())
    return;
  auto idle = tasks_.alive().empty();
  if (record_.wish == job_wish::pause && idle)
    enter(job_state::paused);
  else if (record_.wish == job_wish::run && record_.state == job_state::paused)
    enter(plan_ ? job_state::running
          : tasks_.tasks().empty() || tasks_.tasks()[0].attempts.empty()
              ? job_state::queued
              : job_state::planning);
}

void job_machine::pin(std::string node, uint64_t now_ms) {
  if (record_.node == node)
    return;
  log(now_ms, node.empty()
                  ? "may run anywhere again, as " + record_.node + " is gone"
                  : "to move to " + node);
  record_.node = std::move(node);
  record_changed_ = true;
}

void job_machine::end_the_rest(uint64_t now_ms) {
  for (auto* x : tasks_.alive()) {
    // Nobody said that it is gone: one that was let publish may still do so.
    auto how = x->record.granted ? attempt_end::lost : attempt_end::cancelled;
    tasks_.end(x->record.id, how, ec::cancelled, now_ms);
    note(*x);
  }
}

void job_machine::complete(job_result result, uint64_t now_ms) {
  enter(job_state::completed);
  end_the_rest(now_ms);
  record_.result = std::move(result);
  record_.finished_ms = now_ms;
  record_changed_ = true;
  log(now_ms, "completed");
}

void job_machine::fail(failure error, uint64_t now_ms) {
  auto cancelled = error.code == ec::cancelled;
  enter(cancelled ? job_state::cancelled : job_state::failed);
  end_the_rest(now_ms);
  log(now_ms, cancelled ? "cancelled" : "failed: " + to_string(error));
  record_.error = std::move(error);
  record_.finished_ms = now_ms;
  record_changed_ = true;
}

} // namespace troupe
