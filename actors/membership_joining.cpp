#include <utility>

#include <spdlog/spdlog.h>

#include "actors/membership_steps.hpp"
#include "messages/types.hpp"

namespace troupe::membership_steps {

namespace {

using std::chrono::seconds;

constexpr seconds join_deadline{5};
/// Longer than any finder is patient.
constexpr seconds find_deadline{10};

void give_up(membership_pointer self, const failure& why) {
  auto& state = self->state;
  state.phase = join_phase::gone;
  spdlog::error("node {} gives up: {}", key_of(state).name, to_string(why));
  // Somebody else has our name and our tasks.
  if (state.machine.was_member() && state.place)
    self->send(state.place->worker, atom::handback_v);
  state.config.gave_up(why);
}

/// Whether it lets us in or not: it need not be watched for that any more.
void forget_asked(membership_pointer self) {
  auto asked = std::exchange(self->state.asked, nullptr);
  if (asked)
    self->demonitor(asked.address());
}

void try_again(membership_pointer self, uint64_t round, const failure& why) {
  auto& state = self->state;
  if (round != state.round)
    return;
  forget_asked(self);
  auto verdict = state.machine.refused(why, self->clock().now());
  if (verdict.give_up)
    return give_up(self, why);
  if (verdict.worth_a_line)
    spdlog::warn("node {} is not in the cluster: {}", key_of(state).name,
                 to_string(why));
  state.phase = join_phase::waiting;
  arm(self, verdict.delay);
}

void joined(membership_pointer self, uint64_t round,
            const found_coordinator& by, const welcome& heard) {
  auto& state = self->state;
  if (round != state.round)
    return;
  forget_asked(self);
  leave_coordinator(self);
  state.machine.joined();
  state.phase = join_phase::member;
  state.coordinator = by.coordinator;
  state.coordinator_at = {by.host, by.port};
  self->monitor(state.coordinator);
  state.view.replace(heard.table);
  if (state.place)
    self->send(state.place->worker, atom::reign_v, heard.epoch);
  tell_departure(self);
  tell_abilities(self);
  const auto* leader = state.view.coordinator();
  auto name = leader ? leader->card.key.name : to_string(state.coordinator_at);
  spdlog::info("node {} is a member of the cluster of {}, epoch {}",
               key_of(state).name, name, heard.epoch);
  state.config.joined(name);
  arm(self, status_interval);
}

void ask(membership_pointer self, uint64_t round, const found_coordinator& whom,
         std::vector<held_attempt> held) {
  auto& state = self->state;
  if (round != state.round)
    return;
  state.phase = join_phase::asking;
  forget_asked(self);
  // One that dies now would not answer, and nobody tell us but this.
  if (whom.coordinator != state.coordinator) {
    state.asked = whom.coordinator;
    self->monitor(state.asked);
  }
  join_request request;
  request.card = state.config.card;
  request.card.load = state.config.sample();
  request.membership = self;
  if (state.place)
    request.place.push_back(*state.place);
  request.held = std::move(held);
  self->request(whom.coordinator, join_deadline, atom::join_v,
                std::move(request))
      .then([=](const welcome& heard) { joined(self, round, whom, heard); },
            [=](const caf::error& error) {
              try_again(self, round, from_caf(error));
            });
}

void report(membership_pointer self, uint64_t round,
            const found_coordinator& whom) {
  auto& state = self->state;
  if (round != state.round)
    return;
  if (!state.place)
    return ask(self, round, whom, {});
  state.phase = join_phase::reporting;
  self->request(state.place->worker, report_deadline, atom::report_v)
      .then(
          [=](const std::vector<held_attempt>& held) {
            ask(self, round, whom, held);
          },
          [=](const caf::error& error) {
            try_again(self, round, from_caf(error));
          });
}

found_coordinator own_coordinator(const membership_state& state) {
  return {state.own, "", 0};
}

/// A coordinator looks once whether its seeds have another, which would then
/// refuse this node. When they don't answer, it goes ahead.
void look_around(membership_pointer self, uint64_t round) {
  auto& state = self->state;
  state.looked_around = true;
  self->request(state.config.finder, find_deadline, atom::find_v)
      .then([=](const found_coordinator& other) { report(self, round, other); },
            [=](const caf::error&) {
              report(self, round, own_coordinator(self->state));
            });
}

} // namespace

bool ready_to_join(const membership_state& state) {
  const auto& roles = state.config.card.roles;
  return (!roles.worker || state.place) && (!roles.coordinator || state.own);
}

void search(membership_pointer self) {
  auto& state = self->state;
  auto round = ++state.round;
  state.phase = join_phase::waiting;
  if (!ready_to_join(state))
    return; // `enlist` and `lead` come back here
  state.phase = join_phase::searching;
  if (state.own && !state.looked_around)
    return look_around(self, round);
  if (state.own)
    return report(self, round, own_coordinator(state));
  self->request(state.config.finder, find_deadline, atom::find_v)
      .then([=](const found_coordinator& whom) { report(self, round, whom); },
            [=](const caf::error& error) {
              try_again(self, round, from_caf(error));
            });
}

void join_again(membership_pointer self) {
  auto& state = self->state;
  found_coordinator same{state.coordinator, state.coordinator_at.host,
                         state.coordinator_at.port};
  report(self, ++state.round, same);
}

void lost(membership_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  if (state.asked && down.source == state.asked) {
    state.asked = nullptr;
    if (state.own && down.source == state.own)
      state.own = nullptr; // the supervisor brings another
    try_again(self, state.round,
              {ec::worker_lost, "", "the coordinator went while it was asked",
               "try again"});
    return;
  }
  if (!state.coordinator || down.source != state.coordinator)
    return;
  state.coordinator = nullptr;
  if (state.own && down.source == state.own)
    state.own = nullptr; // the supervisor brings another
  if (state.phase == join_phase::gone)
    return;
  spdlog::warn("node {} lost its coordinator and looks for it ({})",
               key_of(state).name, from_caf(down.reason).cause);
  search(self);
}

void leave_coordinator(membership_pointer self) {
  auto& coordinator = self->state.coordinator;
  if (coordinator)
    self->demonitor(coordinator.address());
  coordinator = nullptr;
}

void tell_abilities(membership_pointer self) {
  auto& state = self->state;
  if (state.phase == join_phase::member && state.abilities)
    self->send(state.coordinator, atom::describe_v, key_of(state),
               *state.abilities);
}

} // namespace troupe::membership_steps
