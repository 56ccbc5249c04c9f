#include "actors/worker.hpp"

#include <algorithm>
#include <chrono>

#include <caf/result.hpp>

#include <spdlog/spdlog.h>

#include "messages/types.hpp"

namespace troupe {

namespace {

using namespace std::chrono_literals;
using worker_pointer = worker_actor::stateful_pointer<worker_state>;

/// A JOB answers once its decision is durable.
constexpr auto question_patience = 10s;
/// Between two looks at what waits for a JOB.
constexpr auto tick_interval = 5s;
/// For how long a job's session is kept warm between two tasks. Its JOB plans
/// within moments; a session that is missed is started again in 100 ms.
constexpr auto warm_patience = 60s;

/// An encoder gives a session up that stands still for its stall timeout. One
/// that says nothing for so much longer hangs itself, on a disk that went away
/// or behind a session that a device keeps from dying.
constexpr double silence_grace_s = 60;
/// Two ticks, which may be late.
constexpr double most_silence_s = 10;

/// True when a command is to be carried out.
bool obeys(worker_pointer self, uint64_t epoch, const char* command) {
  auto& book = self->state.book;
  if (book.obeys(epoch))
    return true;
  spdlog::info("{} of reign {} ignored: reign {} has begun", command, epoch,
               book.epoch());
  return false;
}

/// Ticks go on while something waits.
void tick_later(worker_pointer self) {
  if (std::exchange(self->state.ticking, true))
    return;
  self->delayed_send(self, tick_interval, atom::tick_v);
}

/// Ends the job's encoder; whatever it held goes with it.
void dismiss(worker_pointer self, const job_id& job) {
  auto& encoders = self->state.encoders;
  auto found = encoders.find(job);
  if (found == encoders.end())
    return;
  self->send_exit(found->second, caf::exit_reason::user_shutdown);
  encoders.erase(found);
}

stall_watch silence_of(worker_pointer self, const task_spec& task) {
  return {task.stall_timeout_s + silence_grace_s, self->clock().now(),
          most_silence_s};
}

/// Sends to the ENCODER of the attempt's job, if there is one.
template <class... Ts>
void tell_encoder(worker_pointer self, const attempt_id& attempt,
                  const Ts&... xs) {
  auto& encoders = self->state.encoders;
  if (auto found = encoders.find(attempt.job); found != encoders.end())
    self->send(found->second, xs...);
}

void answered(worker_pointer self, const attempt_id& attempt, uint64_t question,
              const publish_grant& grant) {
  auto& state = self->state;
  auto owner = state.owners.find(attempt);
  if (owner == state.owners.end() || owner->second.question != question)
    return;
  owner->second.question = 0;
  if (grant.attempt != attempt)
    return;
  // Where it isn't granted, the encoder throws the result away and says so.
  if (grant.granted && !state.book.granted(attempt))
    return;
  tell_encoder(self, attempt, atom::grant_v, grant);
}

/// Asks the JOB whether the attempt may publish. Without an answer it is asked
/// again: by the clock, or when another JOB adopts the attempt.
void ask(worker_pointer self, const attempt_id& attempt) {
  auto& state = self->state;
  auto& owner = state.owners.at(attempt);
  auto question = ++state.questions;
  owner.question = question;
  tick_later(self);
  self->request(owner.job, question_patience, atom::publish_v, attempt)
      .then(
          [=](const publish_grant& grant) {
            answered(self, attempt, question, grant);
          },
          [=](const caf::error& error) {
            auto& owners = self->state.owners;
            auto found = owners.find(attempt);
            if (found == owners.end() || found->second.question != question)
              return;
            found->second.question = 0;
            spdlog::warn("attempt {} waits for leave to publish: {}",
                         to_string(attempt), to_string(from_caf(error)));
          });
}

/// Tells the JOB how the attempt stands.
void tell_job(worker_pointer self, const held_attempt& held) {
  const auto& id = held.spec.id;
  const auto& job = self->state.owners.at(id).job;
  switch (held.stage) {
    case attempt_stage::running:
    case attempt_stage::publishing:
      return self->send(job, atom::progress_v, held.progress);
    case attempt_stage::asking:
      return ask(self, id);
    case attempt_stage::done:
      return self->send(job, atom::done_v, held.result);
    case attempt_stage::failed:
      return self->send(job, atom::failed_v, id, held.error);
  }
}

/// Tells the JOB of a step that an attempt made, if it made one.
void stepped(worker_pointer self, const held_attempt* held) {
  auto& state = self->state;
  if (!held)
    return;
  state.owners.at(held->spec.id).silence.moved(self->clock().now());
  tell_job(self, *held);
  for (const auto& dropped : state.book.take_dropped()) {
    spdlog::warn("how attempt {} ended is forgotten: nobody wanted to know",
                 to_string(dropped));
    state.owners.erase(dropped);
  }
  if (state.book.has_idle())
    tick_later(self);
}

/// From now on this JOB hears of the attempt, which is here.
void hand_over(worker_pointer self, const attempt_id& attempt,
               const job_actor& job) {
  auto& state = self->state;
  const auto* held = state.book.find(attempt);
  state.owners.insert_or_assign(
      attempt, attempt_owner{job, 0, silence_of(self, held->spec)});
  stepped(self, held);
}

caf::result<attempt_id> run(worker_pointer self, const task_spec& task,
                            const job_actor& job) {
  auto& state = self->state;
  auto admitted = state.book.admit(task);
  if (!admitted)
    return to_caf(admitted.error());
  if (admitted->known) {
    hand_over(self, task.id, job);
    return task.id;
  }
  if (admitted->evicted)
    dismiss(self, *admitted->evicted);
  if (!admitted->seated) {
    auto encoder = state.config.spawn_encoder(worker_actor{self});
    self->monitor(encoder);
    state.encoders.insert_or_assign(task.id.job, std::move(encoder));
  }
  state.owners.insert_or_assign(task.id,
                                attempt_owner{job, 0, silence_of(self, task)});
  tell_encoder(self, task.id, atom::run_v, task);
  tick_later(self);
  return task.id;
}

void cancel(worker_pointer self, const attempt_id& attempt, uint64_t epoch) {
  // One that has ended told, or tells, its JOB how.
  if (obeys(self, epoch, "cancel") && self->state.book.find(attempt))
    tell_encoder(self, attempt, atom::cancel_v, attempt);
}

void adopt(worker_pointer self, const attempt_id& attempt, const job_actor& job,
           uint64_t epoch) {
  if (!obeys(self, epoch, "adopt"))
    return;
  if (self->state.book.find(attempt))
    return hand_over(self, attempt, job);
  self->send(
      job, atom::failed_v, attempt,
      failure{ec::worker_lost, to_string(attempt), "is not on this node", ""});
}

void acknowledge(worker_pointer self, const attempt_id& attempt,
                 uint64_t epoch) {
  auto& state = self->state;
  if (obeys(self, epoch, "ack") && state.book.acknowledge(attempt))
    state.owners.erase(attempt);
}

void release(worker_pointer self, const job_id& job, uint64_t epoch) {
  auto& state = self->state;
  if (!obeys(self, epoch, "release"))
    return;
  if (state.book.release(job))
    dismiss(self, job);
  std::erase_if(state.owners,
                [&](const auto& x) { return x.first.job == job; });
}

void hand_back(worker_pointer self) {
  auto& state = self->state;
  for (const auto& job : state.book.dismiss_idle(self->clock().now()))
    dismiss(self, job);
  for (const auto& attempt : state.book.hand_back())
    tell_encoder(self, attempt, atom::cancel_v, attempt);
}

void ended(worker_pointer self, const attempt_id& attempt) {
  auto& state = self->state;
  // It ends by itself; its end is no news.
  if (state.book.ended(attempt))
    state.encoders.erase(attempt.job);
}

void lost(worker_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  auto found =
      std::find_if(state.encoders.begin(), state.encoders.end(),
                   [&](const auto& x) { return x.second == down.source; });
  if (found == state.encoders.end())
    return;
  auto job = found->first;
  state.encoders.erase(found);
  stepped(self,
          state.book.died(job, to_string(down.reason), self->clock().now()));
}

/// Gives up encoders that hang. When one comes to itself again it ends, and
/// leaves nothing behind. @returns whether any attempt runs
bool look_after_encoders(worker_pointer self) {
  auto& state = self->state;
  auto now = self->clock().now();
  auto any = false;
  std::vector<attempt_id> silent;
  for (auto& [id, owner] : state.owners) {
    const auto* held = state.book.find(id);
    if (held == nullptr || held->stage != attempt_stage::running)
      continue;
    any = true;
    if (owner.silence.stalled(now))
      silent.push_back(id);
  }
  for (const auto& id : silent) {
    const auto input = state.book.find(id)->spec.input;
    spdlog::error("the encoder of attempt {} hangs and is given up",
                  to_string(id));
    dismiss(self, id.job);
    state.book.ended(id);
    stepped(self, state.book.failed(
                      id,
                      {ec::stalled, input, "its encoder does not answer",
                       "look at that machine: a disk or a device may hang"},
                      now));
  }
  return any;
}

void tick(worker_pointer self) {
  auto& state = self->state;
  state.ticking = false;
  for (const auto& job :
       state.book.dismiss_idle(self->clock().now() - warm_patience))
    dismiss(self, job);
  auto asking = state.book.asking();
  for (const auto& attempt : asking)
    if (state.owners.at(attempt).question == 0)
      ask(self, attempt);
  if (look_after_encoders(self) || !asking.empty() || state.book.has_idle())
    tick_later(self);
}

} // namespace

worker_actor::behavior_type worker(worker_pointer self, worker_config config) {
  self->state.book = attempt_book{config.slots};
  self->state.config = std::move(config);
  self->set_down_handler([=](const caf::down_msg& down) { lost(self, down); });
  return {
      [=](atom::run, const task_spec& task, const job_actor& job) {
        return run(self, task, job);
      },
      [=](atom::cancel, const attempt_id& attempt, uint64_t epoch) {
        cancel(self, attempt, epoch);
      },
      [=](atom::adopt, const attempt_id& attempt, const job_actor& job,
          uint64_t epoch) { adopt(self, attempt, job, epoch); },
      [=](atom::ack, const attempt_id& attempt, uint64_t epoch) {
        acknowledge(self, attempt, epoch);
      },
      [=](atom::release, const job_id& job, uint64_t epoch) {
        release(self, job, epoch);
      },
      [=](atom::reign, uint64_t epoch) { obeys(self, epoch, "reign"); },
      [=](atom::report) { return self->state.book.all(); },
      [=](atom::drain) { self->state.book.drain(true); },
      [=](atom::undrain) { self->state.book.drain(false); },
      [=](atom::handback) { hand_back(self); },
      [=](atom::progress, const task_progress& x) {
        stepped(self, self->state.book.progressed(x));
      },
      [=](atom::publish, const attempt_id& attempt) {
        stepped(self, self->state.book.asks(attempt));
      },
      [=](atom::done, const task_result& x) {
        stepped(self, self->state.book.done(x, self->clock().now()));
      },
      [=](atom::failed, const attempt_id& attempt, const failure& error) {
        stepped(self,
                self->state.book.failed(attempt, error, self->clock().now()));
      },
      [=](atom::ended, const attempt_id& attempt) { ended(self, attempt); },
      [=](atom::tick) { tick(self); },
  };
}

} // namespace troupe
