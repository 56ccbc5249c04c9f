#include "actors/coordinator.hpp"

#include <caf/make_message.hpp>
#include <caf/result.hpp>

#include <spdlog/spdlog.h>

#include "actors/coordinator_steps.hpp"
#include "actors/job.hpp"
#include "actors/placement.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace coordinator_steps {

namespace {

using namespace std::chrono_literals;

constexpr auto tick_interval = 500ms;
/// Placements before other messages get their turn.
constexpr size_t round_size = 64;

/// Takes up the reign: what was queued queues again, and what had left the
/// queue gets its JOB back.
void begin_reign(coordinator_pointer self, const journal_image& image) {
  auto& state = self->state;
  state.epoch = image.epoch;
  auto now = state.began_ms = state.config.wall_ms();
  for (const auto& x : image.nodes)
    state.nodes.drain(x.name, x.drained, now);
  for (const auto& x : image.jobs) {
    auto untouched = x.record.state == job_state::queued && x.attempts.empty()
                     && x.record.wish == job_wish::run && x.record.node.empty();
    if (untouched) {
      enqueue(self, x.job);
      continue;
    }
    for (const auto& attempt : x.attempts)
      if (attempt.end == attempt_end::none) {
        state.awaited.insert({attempt.node, attempt.incarnation});
        state.restored.insert(x.job.id);
      }
    spawn_job(self, x);
  }
  spdlog::info("coordinator: reign {} begins with {} jobs, {} nodes are "
               "awaited",
               state.epoch, state.jobs.size(), state.awaited.size());
  if (!state.awaited.empty())
    self->delayed_send(self, state.config.adoption_patience, atom::reign_v);
  self->delayed_send(self, tick_interval, atom::tick_v);
  place_soon(self);
}

void place_round(coordinator_pointer self) {
  auto& state = self->state;
  state.placing = false;
  auto placed = place_tasks(state.queue, state.nodes, round_size);
  for (const auto& x : placed) {
    auto& entry = state.jobs.at(x.task.job);
    // A JOB that is new says itself what it needs; the slot is held for it.
    if (!entry.active) {
      wake(self, x.task.job);
      continue;
    }
    const auto& name = state.nodes.entries()[x.node].row.card.key.name;
    self->send(entry.active->actor, atom::place_v, x.task.task,
               state.links.at(name).place);
  }
  if (placed.size() == round_size)
    place_soon(self);
}

/// Jobs that were told to go to a node that never came back, from an earlier
/// reign perhaps, may run anywhere again.
void free_bound_jobs(coordinator_pointer self) {
  auto& state = self->state;
  auto now = state.config.wall_ms();
  if (now < state.began_ms + state.config.nodes.down_after_ms)
    return; // it may be on its way
  for (const auto& [kind, x] : state.queue.classes()) {
    const auto& name = x.needs.node;
    if (name.empty())
      continue;
    auto index = state.nodes.find(name);
    auto gone =
        !index || state.nodes.entries()[*index].row.state == member_state::down
        || state.nodes.entries()[*index].row.state == member_state::left;
    if (!gone)
      continue;
    for (const auto& task : x.tasks)
      if (auto job = state.jobs.find(task.job);
          job != state.jobs.end() && job->second.active)
        self->send(job->second.active->actor, atom::lost_v, node_key{name, 0});
  }
}

void tick(coordinator_pointer self) {
  auto& state = self->state;
  free_bound_jobs(self);
  self->delayed_send(self, tick_interval, atom::tick_v);
  if (state.nodes.pass_time(state.config.wall_ms()))
    place_soon(self);
  tell_members(self);
}

template <class Atom>
caf::result<job_id> forward(coordinator_pointer self, const job_id& id,
                            Atom verb) {
  if (auto* job = wake(self, id))
    return self->delegate(job->actor, verb);
  return refuse_ended(self, id);
}

void gone(coordinator_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  if (state.config.journal == down.source) {
    spdlog::error("coordinator: the journal ended: {}",
                  to_string(from_caf(down.reason)));
    return self->quit(down.reason);
  }
  for (const auto& [name, link] : state.links)
    if (link.membership == down.source || link.place.worker == down.source) {
      auto key = link.key;
      return node_lost(self, key);
    }
  job_lost(self, down);
}

} // namespace

void place_soon(coordinator_pointer self) {
  auto& state = self->state;
  if (state.placing || state.queue.size() == 0)
    return;
  state.placing = true;
  self->send(self, atom::place_v);
}

} // namespace coordinator_steps

coordinator_actor::behavior_type
coordinator(coordinator_actor::stateful_pointer<coordinator_state> self,
            coordinator_config config) {
  using namespace coordinator_steps;
  auto& state = self->state;
  state.config = std::move(config);
  state.nodes = node_table{state.config.nodes};
  state.ids.emplace(state.config.random);
  self->monitor(state.config.journal);
  self->set_down_handler([=](const caf::down_msg& down) { gone(self, down); });
  // Everybody else waits until the reign has begun.
  self->request(state.config.journal, caf::infinite, atom::load_v)
      .await(
          [=](const std::shared_ptr<const journal_image>& image) {
            begin_reign(self, *image);
          },
          [=](const caf::error& error) {
            spdlog::error("coordinator: {}", to_string(from_caf(error)));
            self->quit(error);
          });
  return {
      [=](atom::submit, const job_request& x) { return submit(self, x); },
      [=](atom::get, const job_id& id) { return report(self, id); },
      [=](atom::watch, const job_id& id, const observer_actor& observer) {
        watch(self, id, observer);
      },
      [=](atom::cancel verb, const job_id& id) {
        return forward(self, id, verb);
      },
      [=](atom::pause verb, const job_id& id) {
        return forward(self, id, verb);
      },
      [=](atom::resume verb, const job_id& id) {
        return forward(self, id, verb);
      },
      [=](atom::retry, const job_id& id) { return retry(self, id); },
      [=](atom::migrate, const job_id& id, const std::string& node) {
        return migrate(self, id, node);
      },
      [=](atom::forget, const job_id& id) { return forget(self, id); },
      [=](atom::list, const job_query& query) { return list(self, query); },
      [=](atom::logs, const job_id& id) -> caf::result<std::vector<log_line>> {
        return self->delegate(self->state.config.journal, atom::logs_v, id);
      },
      [=](atom::nodes) { return rows(self->state); },
      [=](atom::caps, const std::string& name) { return caps(self, name); },
      [=](atom::drain, const std::string& name) {
        return drain(self, name, true);
      },
      [=](atom::undrain, const std::string& name) {
        return drain(self, name, false);
      },
      [=](atom::join, const join_request& x) { return join(self, x); },
      [=](atom::status, const node_key& node, const node_load& load) {
        auto& nodes = self->state.nodes;
        auto before = nodes.generation();
        nodes.status(node, load);
        // A root that came may be what some task waits for.
        if (nodes.generation() != before)
          place_soon(self);
      },
      [=](atom::describe, const node_key& node, const profile& abilities) {
        self->state.nodes.describe(node, abilities);
        place_soon(self);
      },
      [=](atom::drain, const node_key& node) {
        self->state.nodes.leaving(node, self->state.config.wall_ms());
      },
      [=](atom::leave, const node_key& node) { node_left(self, node); },
      [=](atom::ready, const job_id& id, const task_needs& needs) {
        ready(self, id, needs);
      },
      [=](atom::vacate, const job_id& id, const node_key& node) {
        self->state.nodes.vacate(node, id);
        place_soon(self);
      },
      [=](atom::done, const node_key& node, const failure& error) {
        auto now = self->state.config.wall_ms();
        if (self->state.nodes.attempt_ended(node, error, now))
          spdlog::warn("coordinator: {} is in quarantine: {}", node.name,
                       to_string(error));
      },
      [=](atom::update, const job_summary& x) {
        auto found = self->state.jobs.find(x.id);
        if (found != self->state.jobs.end() && found->second.active)
          found->second.active->summary = x;
      },
      [=](atom::ended, const job_report& last) { ended(self, last); },
      [=](atom::place) { place_round(self); },
      [=](atom::reign) { end_adoption(self); },
      [=](atom::tick) { tick(self); },
  };
}

} // namespace troupe
