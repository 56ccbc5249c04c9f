#include <algorithm>

#include <caf/make_message.hpp>
#include <caf/result.hpp>

#include "actors/job.hpp"
#include "actors/job_steps.hpp"
#include "actors/job_tasks.hpp"
#include "encode/planner.hpp"
#include "encode/validate.hpp"
#include "messages/types.hpp"

namespace troupe::job_steps {

namespace {

using namespace std::chrono_literals;

/// A worker takes a task at once; this is for one that is gone unnoticed.
constexpr auto run_patience = 10s;
/// Longer than a trial may take, as others may be before it.
constexpr auto probe_patience = 60s;

uint64_t now_ms(job_pointer self) {
  return self->state.config.wall_ms();
}

bool runs_on(const job_machine& machine, const node_key& node) {
  auto alive = machine.tasks().alive();
  return std::any_of(alive.begin(), alive.end(), [&](const auto* x) {
    return x->record.node == node.name
           && x->record.incarnation == node.incarnation;
  });
}

/// Attempts that move from one node to another: the old one goes once the new
/// one runs.
void abandon_elsewhere(job_pointer self, const attempt_id& running) {
  auto& machine = *self->state.machine;
  if (machine.record().node.empty())
    return;
  for (auto* x : machine.tasks().alive(running.task))
    if (x->record.id != running && x->record.node != machine.record().node)
      abandon(self, x->record.id);
}

void abandon_others(job_pointer self, const attempt_id& winner) {
  for (auto* x : self->state.machine->tasks().alive(winner.task))
    if (x->record.id != winner)
      abandon(self, x->record.id);
}

void judge_race(job_pointer self, uint32_t task) {
  // On its way to another node the newer attempt is the one that is wanted.
  if (!self->state.machine->record().node.empty())
    return;
  for (auto* x : self->state.machine->tasks().clearly_behind(task))
    abandon(self, x->record.id);
}

/// The worker has no more business with this attempt.
void acknowledge(job_pointer self, const attempt_id& attempt,
                 const placed_worker& where) {
  self->send(where.worker, atom::ack_v, attempt, self->state.config.epoch);
}

/// Makes the plan when both that it needs are there. The probe counts as done
/// with its plan, and as failed without.
void plan(job_pointer self) {
  auto& state = self->state;
  if (state.machine->ended() || !state.probe || !state.encoder.settled())
    return;
  auto probe = *state.probe;
  auto where = state.places.find(probe.attempt);
  if (where == state.places.end())
    return; // lost meanwhile
  auto encoder = state.encoder.result();
  if (!encoder)
    return failed(self, probe.attempt, encoder.error());
  const auto& spec = state.machine->spec();
  auto threads =
      spec.what.threads > 0 ? spec.what.threads : where->second.threads;
  auto planned = make_plan(spec, probe.media, {*encoder, threads});
  if (!planned) {
    // The planner speaks of streams; people want to know of which file.
    auto error = planned.error();
    error.subject =
        error.subject.empty() ? spec.input : spec.input + ", " + error.subject;
    return failed(self, probe.attempt, error);
  }
  auto place = where->second;
  state.places.erase(where);
  state.probe.reset();
  state.machine->finish(probe.attempt, now_ms(self));
  state.machine->set_plan(std::move(*planned), now_ms(self));
  abandon_others(self, probe.attempt);
  commit(self, [=] {
    acknowledge(self, probe.attempt, place);
    self->state.machine->settle_pause();
    if (self->state.machine->record().wish == job_wish::run)
      want_next(self); // on the same slot, where the session is warm
    else
      drop_slot(self, place);
    end_if_idle(self);
    tell(self);
  });
}

/// Asks the worker's machine for one candidate after the other.
void try_encoders(job_pointer self, const placed_worker& where) {
  auto& state = self->state;
  if (state.machine->ended())
    return;
  auto probe = state.trying;
  auto candidate = state.encoder.next();
  if (!candidate)
    return plan(self);
  self->request(where.probe, probe_patience, atom::probe_v, *candidate)
      .then(
          [=](const encoder_capability& proved) {
            if (self->state.trying != probe)
              return; // another node is asked by now
            self->state.encoder.heard(proved);
            try_encoders(self, where);
          },
          [=](const caf::error& error) {
            if (self->state.trying != probe)
              return;
            self->state.encoder.gave_up(from_caf(error));
            plan(self);
          });
}

void run(job_pointer self, const attempt_id& attempt) {
  auto& state = self->state;
  auto& machine = *state.machine;
  auto where = state.places.find(attempt);
  const auto* entry = machine.tasks().find(attempt);
  if (where == state.places.end() || entry == nullptr || !entry->alive())
    return; // lost before it began
  if (state.ending)
    return failed(self, attempt, *state.ending);
  if (entry->unwanted)
    return failed(self, attempt,
                  {ec::cancelled, machine.spec().input,
                   "was abandoned before it began", ""});
  task_spec task;
  if (entry->record.kind == task_kind::probe) {
    auto candidates = candidate_encoders(machine.spec());
    task = probe_task(attempt, machine.spec(), candidates);
    state.encoder = encoder_choice{std::move(candidates)};
    state.trying = attempt;
    try_encoders(self, where->second);
  } else {
    task = whole_task(attempt, machine.spec(), *machine.plan());
  }
  task.epoch = state.config.epoch;
  task.in_doubt = machine.tasks().has_doubts(attempt.task);
  auto worker = where->second.worker;
  self->request(worker, run_patience, atom::run_v, task, job_actor{self})
      .then([=](const attempt_id& id) { abandon_elsewhere(self, id); },
            [=](const caf::error& error) {
              // It may have taken the task, and be too slow to say so.
              self->send(worker, atom::cancel_v, attempt,
                         self->state.config.epoch);
              failed(self, attempt, from_caf(error));
            });
}

void complete(job_pointer self, const task_result& result) {
  auto& machine = *self->state.machine;
  auto started = machine.record().started_ms;
  auto now = now_ms(self);
  auto wall_s = static_cast<double>(now - std::min(now, started)) / 1000;
  // Published is published, even when a cancel is on its way.
  machine.complete(result_of(machine.spec(), *machine.plan(), result, wall_s),
                   now);
  conclude(self);
}

} // namespace

void abandon(job_pointer self, const attempt_id& attempt) {
  auto& state = self->state;
  auto* entry = state.machine->tasks().find(attempt);
  if (entry == nullptr || entry->unwanted)
    return;
  entry->unwanted = true;
  if (auto where = state.places.find(attempt); where != state.places.end())
    self->send(where->second.worker, atom::cancel_v, attempt,
               state.config.epoch);
}

void drop_slot(job_pointer self, const placed_worker& where) {
  auto& state = self->state;
  if (runs_on(*state.machine, where.node))
    return;
  auto id = state.machine->id();
  self->send(where.worker, atom::release_v, id, state.config.epoch);
  self->send(state.config.coordinator, atom::vacate_v, id, where.node);
}

void placed(job_pointer self, uint32_t task, const placed_worker& where) {
  auto& state = self->state;
  auto& machine = *state.machine;
  auto wanted = !machine.ended() && !state.ending
                && machine.record().wish == job_wish::run
                && task < machine.tasks().tasks().size()
                && machine.tasks().tasks()[task].waiting;
  if (!wanted)
    return drop_slot(self, where);
  auto first = machine.record().started_ms == 0;
  auto attempt = machine.start(task, where.node, now_ms(self));
  state.places.insert_or_assign(attempt, where);
  if (first)
    start_clock(self);
  commit(self, [=] { run(self, attempt); });
  tell(self);
}

void progressed(job_pointer self, const task_progress& figures) {
  auto& state = self->state;
  auto before = state.machine->record().state;
  if (!state.machine->progress(figures))
    return;
  judge_race(self, figures.id.task);
  auto now = self->clock().now();
  auto turned = state.machine->record().state != before;
  auto report = state.machine->report();
  if (state.updates.take(now) || turned)
    for (const auto& observer : state.observers)
      self->send(observer, atom::update_v, report);
  if (state.summaries.take(now) || turned)
    self->send(state.config.coordinator, atom::update_v, summarize(report));
}

caf::result<publish_grant> publish(job_pointer self,
                                   const attempt_id& attempt) {
  auto& state = self->state;
  if (auto asked = state.grants.find(attempt); asked != state.grants.end()) {
    auto promise = self->make_response_promise<publish_grant>();
    asked->second.push_back(promise);
    return promise;
  }
  publish_grant answer{attempt, false, {}};
  if (!state.ending)
    answer = state.machine->grant(attempt, now_ms(self));
  if (!answer.granted)
    return answer;
  abandon_others(self, attempt);
  auto promise = self->make_response_promise<publish_grant>();
  state.grants[attempt].push_back(promise);
  commit(self, [=] {
    auto waiting = self->state.grants.extract(attempt);
    for (auto& x : waiting.mapped())
      x.deliver(answer);
  });
  return promise;
}

void done(job_pointer self, const task_result& result) {
  auto& state = self->state;
  auto& machine = *state.machine;
  auto where = state.places.find(result.id);
  if (where == state.places.end() || machine.ended())
    return; // its worker is told to let go when its node is back
  const auto* entry = machine.tasks().find(result.id);
  auto kind = entry->record.kind;
  if (kind == task_kind::probe && !state.ending && !state.probe
      && !machine.tasks().tasks()[result.id.task].done) {
    state.probe = planned_probe{result.id, result.media};
    return plan(self);
  }
  auto place = where->second;
  self->send(state.config.coordinator, atom::done_v, place.node, failure{});
  if (machine.finish(result.id, now_ms(self)) && kind == task_kind::whole)
    return complete(self, result);
  state.places.erase(result.id);
  commit(self, [=] {
    acknowledge(self, result.id, place);
    drop_slot(self, place);
    end_if_idle(self);
  });
}

void failed(job_pointer self, const attempt_id& attempt, const failure& error) {
  auto& state = self->state;
  auto& machine = *state.machine;
  auto found = state.places.find(attempt);
  if (found == state.places.end() || machine.ended())
    return;
  auto where = found->second;
  state.places.erase(found);
  if (state.probe && state.probe->attempt == attempt)
    state.probe.reset();
  auto ruling =
      machine.failed(attempt, error, state.config.retries, now_ms(self));
  if (ruling && blames_node(error.code))
    self->send(state.config.coordinator, atom::done_v, where.node, error);
  commit(self, [=] {
    acknowledge(self, attempt, where);
    drop_slot(self, where);
    self->state.machine->settle_pause();
    if (ruling)
      follow(self, attempt.task, *ruling, where.node.name);
    end_if_idle(self);
    tell(self);
  });
}

void follow(job_pointer self, uint32_t task, const retry_ruling& ruling,
            const std::string& node) {
  auto& state = self->state;
  if (state.machine->ended() || state.ending)
    return;
  if (ruling.what == retry_ruling::verdict::give_up)
    return end_with(self, ruling.error);
  if (ruling.elsewhere)
    state.avoid.insert(node);
  if (ruling.delay.count() == 0)
    return want_next(self);
  self->delayed_send(self, ruling.delay, atom::retry_v, task);
}

void lost(job_pointer self, const node_key& node) {
  auto& state = self->state;
  auto& machine = *state.machine;
  if (machine.ended())
    return;
  std::optional<std::pair<uint32_t, retry_ruling>> next;
  for (auto* x : machine.tasks().alive()) {
    if (x->record.node != node.name
        || x->record.incarnation != node.incarnation)
      continue;
    auto id = x->record.id;
    state.places.erase(id);
    if (state.probe && state.probe->attempt == id)
      state.probe.reset();
    if (auto ruling = machine.lost(id, state.config.retries, now_ms(self)))
      next = {id.task, *ruling};
  }
  if (machine.record().node == node.name)
    machine.pin("", now_ms(self));
  machine.settle_pause();
  commit(self, [=] {
    if (next)
      follow(self, next->first, next->second, node.name);
    else
      want_next(self); // the slot that was held may have been there
    end_if_idle(self);
    tell(self);
  });
}

void returned(job_pointer self, const held_attempt& held,
              const placed_worker& where) {
  auto& state = self->state;
  auto& machine = *state.machine;
  const auto& id = held.spec.id;
  if (!machine.revive(id, where.node, now_ms(self))) {
    // Whatever it made is not wanted. What failed or is done has no slot.
    self->send(where.worker, atom::release_v, machine.id(), state.config.epoch);
    self->send(state.config.coordinator, atom::vacate_v, machine.id(),
               where.node);
    return;
  }
  state.places.insert_or_assign(id, where);
  machine.progress(held.progress);
  machine.tasks().set_waiting(id.task, false);
  commit(self, [=] {
    self->send(where.worker, atom::adopt_v, id, job_actor{self},
               self->state.config.epoch);
    if (self->state.ending)
      self->send(where.worker, atom::cancel_v, id, self->state.config.epoch);
    judge_race(self, id.task);
    tell(self);
  });
}

void settled(job_pointer self, const placed_worker& where) {
  auto& state = self->state;
  auto& machine = *state.machine;
  if (machine.ended())
    return;
  auto missing = false;
  for (const auto& task : machine.tasks().tasks())
    for (const auto& x : task.attempts) {
      if (x.record.node != where.node.name)
        continue;
      missing = missing || x.awaited;
      // It may have begun unheard while the link was down.
      if (x.record.end == attempt_end::lost
          && x.record.incarnation == where.node.incarnation)
        self->send(where.worker, atom::cancel_v, x.record.id,
                   state.config.epoch);
    }
  if (!missing)
    return;
  // Also those of a former run of this node.
  std::set<node_key> runs;
  for (const auto* x : machine.tasks().alive())
    if (x->awaited && x->record.node == where.node.name)
      runs.insert({x->record.node, x->record.incarnation});
  for (const auto& run_of_node : runs)
    lost(self, run_of_node);
}

void adoption_over(job_pointer self) {
  auto& state = self->state;
  auto& machine = *state.machine;
  std::set<node_key> missing;
  for (const auto* x : machine.tasks().alive())
    if (x->awaited)
      missing.insert({x->record.node, x->record.incarnation});
  for (const auto& node : missing)
    lost(self, node);
  if (!missing.empty() || machine.ended())
    return;
  if (machine.record().wish == job_wish::cancel)
    return end_with(self,
                    {ec::cancelled, machine.spec().input, "cancelled", ""});
  if (machine.record().wish == job_wish::pause) {
    // The last reign ended before it came to that.
    machine.settle_pause();
    return commit(self, [=] { tell(self); });
  }
  want_next(self);
}

} // namespace troupe::job_steps
