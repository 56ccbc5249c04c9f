#include "actors/job.hpp"

#include <algorithm>

#include "actors/job_tasks.hpp"
#include "actors/wall_clock.hpp"
#include "encode/planner.hpp"
#include "encode/validate.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

using namespace std::chrono_literals;
using job_pointer = job_actor::stateful_pointer<job_actor_state>;

/// A worker takes a task at once; this is for one that is gone unnoticed.
constexpr auto run_patience = 10s;
/// Longer than a trial may take, as others may be before it.
constexpr auto probe_patience = 60s;
/// For a worker that was told to abandon a task.
constexpr auto abandon_patience = 30s;
constexpr std::chrono::duration<double> longest_time_limit = 24h * 365;
constexpr size_t max_observers = 100;

void tell_observers(job_pointer self) {
  for (const auto& observer : self->state.observers)
    self->send(observer, atom::update_v, self->state.machine.report());
}

/// The machine has the final state: everybody hears of it.
void conclude(job_pointer self) {
  auto& state = self->state;
  const auto& report = state.machine.report();
  if (state.place)
    self->send(state.place->worker, atom::release_v, report.id);
  tell_observers(self);
  self->send(state.coordinator, atom::ended_v, report);
}

void fail(job_pointer self, failure error) {
  self->state.machine.fail(std::move(error), unix_ms());
  conclude(self);
}

/// Ends the job badly, once nothing of its running attempt is left.
void end_with(job_pointer self, failure error) {
  auto& state = self->state;
  if (state.machine.ended() || state.ending)
    return;
  auto attempt = state.machine.running();
  if (!attempt)
    return fail(self, std::move(error));
  state.ending = std::move(error);
  state.ending_by = self->clock().now() + abandon_patience;
  self->send(state.place->worker, atom::cancel_v, *attempt);
  self->delayed_send(self, abandon_patience, atom::expire_v);
}

void attempt_failed(job_pointer self, const attempt_id& attempt,
                    failure error) {
  auto& state = self->state;
  if (state.machine.running() != attempt)
    return;
  fail(self, state.ending.value_or(std::move(error)));
}

void ready(job_pointer self, uint32_t task) {
  const auto& report = self->state.machine.report();
  self->send(self->state.coordinator, atom::ready_v, report.id, task,
             report.priority);
}

/// Makes the plan when both that it needs are there.
void plan(job_pointer self) {
  auto& state = self->state;
  if (state.machine.ended() || !state.media || !state.encoder.settled())
    return;
  const auto& spec = state.machine.report().spec;
  auto encoder = state.encoder.result();
  if (!encoder)
    return fail(self, encoder.error());
  auto threads =
      spec.what.threads > 0 ? spec.what.threads : state.place->threads;
  auto planned = make_plan(spec, *state.media, {*encoder, threads});
  if (!planned) {
    // The planner speaks of streams; people want to know of which file.
    auto error = planned.error();
    error.subject =
        error.subject.empty() ? spec.input : spec.input + ", " + error.subject;
    return fail(self, error);
  }
  state.plan = std::move(*planned);
  ready(self, state.machine.add(task_kind::whole));
}

/// Asks the worker's machine for one candidate after the other.
void try_encoders(job_pointer self) {
  auto& state = self->state;
  if (state.machine.ended())
    return;
  auto candidate = state.encoder.next();
  if (!candidate)
    return plan(self);
  self->request(state.place->probe, probe_patience, atom::probe_v, *candidate)
      .then(
          [=](const encoder_capability& proved) {
            self->state.encoder.heard(proved);
            try_encoders(self);
          },
          [=](const caf::error& error) {
            self->state.encoder.gave_up(from_caf(error));
            plan(self);
          });
}

/// The job's time limit runs from its first task on.
void start_clock(job_pointer self) {
  auto& state = self->state;
  state.started = self->clock().now();
  std::chrono::duration<double> limit{state.machine.report().spec.timeout_s};
  if (limit.count() > 0)
    self->delayed_send(self,
                       std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::min(limit, longest_time_limit)),
                       atom::expire_v);
}

void run(job_pointer self, const task_spec& task) {
  auto attempt = task.id;
  self->request(self->state.place->worker, run_patience, atom::run_v, task,
                job_actor{self})
      .then([](const attempt_id&) {},
            [=](const caf::error& error) {
              attempt_failed(self, attempt, from_caf(error));
            });
}

void placed(job_pointer self, uint32_t task, placed_worker where) {
  auto& state = self->state;
  if (state.machine.ended() || !state.machine.waits(task))
    return;
  auto first = !state.place;
  if (first || state.place->worker != where.worker)
    self->monitor(where.worker);
  state.place = std::move(where);
  auto attempt = state.machine.start(task, state.place->node, unix_ms());
  const auto& report = state.machine.report();
  if (first)
    start_clock(self);
  if (report.tasks[task].kind == task_kind::probe) {
    auto candidates = candidate_encoders(report.spec);
    run(self, probe_task(attempt, report.spec, candidates));
    state.encoder = encoder_choice{std::move(candidates)};
    try_encoders(self);
  } else {
    run(self, whole_task(attempt, report.spec, state.plan));
  }
  tell_observers(self);
}

void progressed(job_pointer self, const task_progress& figures) {
  auto& state = self->state;
  auto before = state.machine.report().state;
  if (!state.machine.progress(figures))
    return;
  if (state.updates.take(self->clock().now())
      || state.machine.report().state != before)
    tell_observers(self);
}

void done(job_pointer self, const task_result& result) {
  auto& state = self->state;
  if (!state.machine.finish(result.id))
    return;
  const auto& report = state.machine.report();
  if (report.tasks[result.id.task].kind == task_kind::whole) {
    // Published is published, even when a cancel is on its way.
    std::chrono::duration<double> wall = self->clock().now() - state.started;
    state.machine.complete(
        result_of(report.spec, state.plan, result, wall.count()), unix_ms());
    return conclude(self);
  }
  if (state.ending)
    return fail(self, *state.ending);
  state.media = result.media;
  plan(self);
}

void expired(job_pointer self) {
  auto& state = self->state;
  if (state.machine.ended())
    return;
  if (!state.ending) {
    const auto& spec = state.machine.report().spec;
    return end_with(self, {ec::time_limit, spec.input,
                           "the job ran longer than its time limit",
                           "raise --timeout or choose a faster speed"});
  }
  if (self->clock().now() >= state.ending_by)
    fail(self, *state.ending);
}

void watch(job_pointer self, observer_actor observer) {
  auto& state = self->state;
  self->send(observer, atom::update_v, state.machine.report());
  if (state.machine.ended() || state.observers.size() >= max_observers)
    return;
  self->monitor(observer);
  state.observers.push_back(std::move(observer));
}

void lost(job_pointer self, const caf::actor_addr& gone) {
  auto& state = self->state;
  if (state.coordinator == gone)
    return self->quit(caf::exit_reason::user_shutdown);
  std::erase_if(state.observers, [&](const auto& x) { return x == gone; });
  if (state.machine.ended() || !state.place || state.place->worker != gone)
    return;
  fail(self, state.ending.value_or(failure{ec::worker_lost, state.place->node,
                                           "the worker is gone",
                                           "submit the job again"}));
}

} // namespace

job_actor::behavior_type job(job_pointer self, coordinator_actor coordinator,
                             job_report first) {
  auto& state = self->state;
  state.coordinator = std::move(coordinator);
  state.machine = job_machine{std::move(first)};
  self->monitor(state.coordinator);
  self->set_down_handler(
      [=](const caf::down_msg& down) { lost(self, down.source); });
  ready(self, state.machine.add(task_kind::probe));
  return {
      [=](atom::place, uint32_t task, const placed_worker& where) {
        placed(self, task, where);
      },
      [=](atom::progress, const task_progress& figures) {
        progressed(self, figures);
      },
      [=](atom::publish, const attempt_id& attempt) {
        return !self->state.ending && self->state.machine.grant(attempt);
      },
      [=](atom::done, const task_result& result) { done(self, result); },
      [=](atom::failed, const attempt_id& attempt, const failure& error) {
        attempt_failed(self, attempt, error);
      },
      [=](atom::get) { return self->state.machine.report(); },
      [=](atom::watch, const observer_actor& observer) {
        watch(self, observer);
      },
      [=](atom::cancel) {
        const auto& report = self->state.machine.report();
        end_with(self, {ec::cancelled, report.spec.input, "cancelled", ""});
      },
      [=](atom::release) { self->quit(); },
      [=](atom::expire) { expired(self); },
  };
}

} // namespace troupe
