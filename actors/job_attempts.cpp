#include <algorithm>

#include <caf/make_message.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

#include "actors/job.hpp"
#include "actors/job_steps.hpp"
#include "actors/job_tasks.hpp"
#include "encode/validate.hpp"
#include "messages/types.hpp"

namespace troupe::job_steps {

namespace {

using namespace std::chrono_literals;

/// A worker takes a task at once; this is for one that is gone unnoticed.
constexpr auto run_patience = 10s;

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

task_spec task_of(const job_machine& machine, const attempt_record& attempt) {
  const auto& spec = machine.spec();
  if (attempt.kind == task_kind::whole)
    return whole_task(attempt.id, spec, *machine.plan());
  return probe_task(attempt.id, spec, candidate_encoders(spec));
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
  auto task = task_of(machine, entry->record);
  task.epoch = state.config.epoch;
  task.in_doubt = machine.tasks().has_doubts();
  auto worker = where->second.worker;
  auto node = where->second.node.name;
  if (task.kind == task_kind::probe)
    begin_probe(self, attempt);
  self->request(worker, run_patience, atom::run_v, task, job_actor{self})
      .then(
          [=](const attempt_id& id) {
            self->state.machine->begun(id);
            abandon_elsewhere(self, id);
          },
          [=](const caf::error& error) {
            // It may have taken the task, and be too slow to say so.
            self->send(worker, atom::cancel_v, attempt,
                       self->state.config.epoch);
            failed(self, attempt, no_answer(error, node));
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

failure no_answer(const caf::error& error, const std::string& node) {
  // Of a node that went, the coordinator tells before.
  if (error == caf::sec::request_timeout)
    return {ec::session_unavailable, node,
            "it is in the cluster and does not answer",
            "look at that machine: a disk or a device may hang"};
  return from_caf(error);
}

uint64_t now_ms(job_pointer self) {
  return self->state.config.wall_ms();
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

bool release(job_pointer self, const placed_worker& where) {
  auto& state = self->state;
  if (runs_on(*state.machine, where.node))
    return false;
  self->send(where.worker, atom::release_v, state.machine->id(),
             state.config.epoch);
  return true;
}

void drop_slot(job_pointer self, const placed_worker& where) {
  auto& state = self->state;
  if (release(self, where))
    self->send(state.config.coordinator, atom::vacate_v, state.machine->id(),
               where.node);
}

void placed(job_pointer self, uint32_t task, const placed_worker& where) {
  auto& state = self->state;
  auto& machine = *state.machine;
  const auto& pinned = machine.record().node;
  auto wanted = !machine.ended() && !state.ending
                && machine.record().wish == job_wish::run
                && (pinned.empty() || pinned == where.node.name)
                && task < machine.tasks().tasks().size()
                && machine.tasks().tasks()[task].waiting;
  if (!wanted)
    return drop_slot(self, where);
  auto first = machine.record().started_ms == 0;
  auto attempt = machine.start(task, where.node, now_ms(self));
  state.places.insert_or_assign(attempt, where);
  if (first)
    start_clock(self);
  commit(self, [=] {
    run(self, attempt);
    tell(self);
  });
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
  auto kind = machine.tasks().find(result.id)->record.kind;
  auto probe = state.probes.find(result.id);
  if (probe != state.probes.end() && !state.ending) {
    probe->second.media = result.media;
    return plan(self, result.id);
  }
  auto place = where->second;
  self->send(state.config.coordinator, atom::done_v, place.node, failure{});
  if (machine.finish(result.id, now_ms(self)) && kind == task_kind::whole)
    return complete(self, result);
  state.places.erase(result.id);
  commit(self, [=] {
    self->send(place.worker, atom::ack_v, result.id, self->state.config.epoch);
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
  state.probes.erase(attempt);
  auto ruling =
      machine.failed(attempt, error, state.config.retries, now_ms(self));
  if (ruling && blames_node(error.code))
    self->send(state.config.coordinator, atom::done_v, where.node, error);
  machine.settle_pause();
  commit(self, [=] {
    self->send(where.worker, atom::ack_v, attempt, self->state.config.epoch);
    drop_slot(self, where);
    if (ruling)
      follow(self, attempt.task, *ruling, where.node.name);
    else if (!self->state.machine->record().node.empty())
      // Another one runs, but perhaps not where the user wants it.
      self->delayed_send(self, self->state.config.retries.first_delay,
                         atom::retry_v, attempt.task);
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

} // namespace troupe::job_steps
