#include <optional>
#include <set>
#include <utility>

#include <caf/make_message.hpp>

#include "actors/job.hpp"
#include "actors/job_steps.hpp"

namespace troupe::job_steps {

void lost(job_pointer self, const node_key& node) {
  auto& state = self->state;
  auto& machine = *state.machine;
  if (machine.ended())
    return;
  auto touched = machine.record().node == node.name;
  std::optional<std::pair<uint32_t, retry_ruling>> next;
  for (auto* x : machine.tasks().alive()) {
    if (x->record.node != node.name
        || x->record.incarnation != node.incarnation)
      continue;
    auto id = x->record.id;
    state.places.erase(id);
    state.probes.erase(id);
    if (auto ruling = machine.lost(id, state.config.retries, now_ms(self)))
      next = {id.task, *ruling};
    touched = true;
  }
  if (machine.record().node == node.name)
    machine.pin("", now_ms(self));
  if (!touched)
    return; // it had been a guest there
  machine.settle_pause();
  commit(self, [=] {
    if (next)
      follow(self, next->first, next->second, node.name);
    else
      want_next(self); // it may be free of the node that it was bound to
    end_if_idle(self);
    tell(self);
  });
}

namespace {

/// An attempt that came back where it doesn't belong ends, if another one runs
/// already where the user wants it.
void give_way(job_pointer self, const attempt_id& back) {
  auto& machine = *self->state.machine;
  const auto& pinned = machine.record().node;
  const auto* entry = machine.tasks().find(back);
  if (pinned.empty() || entry == nullptr || entry->record.node == pinned)
    return;
  for (const auto* x : machine.tasks().alive(back.task))
    if (x->record.node == pinned && x->begun && !x->unwanted)
      return abandon(self, back);
}

} // namespace

void returned(job_pointer self, const held_attempt& held,
              const placed_worker& where) {
  auto& state = self->state;
  auto& machine = *state.machine;
  const auto& id = held.spec.id;
  if (!machine.revive(id, where.node, now_ms(self))) {
    // Whatever it made is not wanted. The slot goes with `settled`, when it is
    // known what else of the job is there.
    self->send(where.worker, atom::cancel_v, id, state.config.epoch);
    self->send(where.worker, atom::ack_v, id, state.config.epoch);
    state.unwanted_at.insert(where.node);
    return;
  }
  state.places.insert_or_assign(id, where);
  machine.progress(held.progress);
  // One that is told to move goes on waiting for a slot where it belongs.
  const auto& pinned = machine.record().node;
  if (pinned.empty() || pinned == where.node.name)
    machine.tasks().set_waiting(id.task, false);
  if (machine.tasks().find(id)->record.kind == task_kind::probe)
    begin_probe(self, id);
  commit(self, [=] {
    auto& now = self->state;
    self->send(where.worker, atom::adopt_v, id, job_actor{self},
               now.config.epoch);
    if (now.ending)
      self->send(where.worker, atom::cancel_v, id, now.config.epoch);
    judge_race(self, id.task);
    give_way(self, id);
    tell(self);
  });
}

void settled(job_pointer self, const placed_worker& where) {
  auto& state = self->state;
  auto& machine = *state.machine;
  if (machine.ended())
    return;
  // Also those of a former run of this node.
  std::set<node_key> missing;
  for (const auto& task : machine.tasks().tasks())
    for (const auto& x : task.attempts) {
      if (x.record.node != where.node.name)
        continue;
      if (x.alive() && x.awaited)
        missing.insert({x.record.node, x.record.incarnation});
      // It may have begun unheard while the link was down.
      if (x.record.end == attempt_end::lost
          && x.record.incarnation == where.node.incarnation)
        self->send(where.worker, atom::cancel_v, x.record.id,
                   state.config.epoch);
    }
  for (const auto& run_of_node : missing)
    lost(self, run_of_node);
  // Where nothing came back no slot is held. To give one back all the same
  // could take away the next one, which may be on its way.
  if (state.unwanted_at.erase(where.node) > 0)
    drop_slot(self, where);
  else
    release(self, where);
}

void adoption_over(job_pointer self) {
  auto& state = self->state;
  auto& machine = *state.machine;
  if (machine.ended())
    return;
  std::set<node_key> missing;
  for (const auto* x : machine.tasks().alive())
    if (x->awaited)
      missing.insert({x->record.node, x->record.incarnation});
  for (const auto& node : missing)
    lost(self, node);
  if (!missing.empty())
    return; // what follows from that goes on with the rest
  if (machine.record().wish == job_wish::pause) {
    // The last reign ended before it came to that.
    machine.settle_pause();
    return commit(self, [=] { tell(self); });
  }
  want_next(self);
}

} // namespace troupe::job_steps
