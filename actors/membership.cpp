#include "actors/membership.hpp"

#include <utility>

#include <caf/result.hpp>

#include <spdlog/spdlog.h>

#include "messages/types.hpp"

namespace troupe {

namespace {

using membership_pointer = membership_actor::stateful_pointer<membership_state>;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds join_deadline{5};
constexpr seconds report_deadline{5};
/// Longer than any finder is patient.
constexpr seconds find_deadline{10};
constexpr seconds status_interval{1};
constexpr milliseconds departure_interval{200};

const node_key& key_of(const membership_state& state) {
  return state.config.card.key;
}

/// Sees to it that `tick` acts after the delay, and not before.
void arm(membership_pointer self, milliseconds delay) {
  self->state.due = self->clock().now() + delay;
  self->delayed_send(self, delay, atom::tick_v);
}

failure looks_itself(const membership_state& state) {
  return {ec::not_coordinator, key_of(state).name,
          "is looking for the coordinator itself", "try again in a moment"};
}

// -- joining ------------------------------------------------------------------

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

void tell_abilities(membership_pointer self) {
  auto& state = self->state;
  if (state.phase == join_phase::member && state.abilities)
    self->send(state.coordinator, atom::describe_v, key_of(state),
               *state.abilities);
}

void tell_load(membership_pointer self) {
  auto& state = self->state;
  self->send(state.coordinator, atom::status_v, key_of(state),
             state.config.sample());
}

void tell_departure(membership_pointer self) {
  auto& state = self->state;
  if (!state.leaving)
    return;
  if (state.place)
    self->send(state.place->worker, atom::drain_v);
  if (state.phase == join_phase::member)
    self->send(state.coordinator, atom::drain_v, key_of(state));
}

void leave_coordinator(membership_pointer self) {
  auto& coordinator = self->state.coordinator;
  if (coordinator)
    self->demonitor(coordinator.address());
  coordinator = nullptr;
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

// -- leaving ------------------------------------------------------------------

void depart(membership_pointer self) {
  auto& state = self->state;
  if (state.phase == join_phase::member)
    self->send(state.coordinator, atom::leave_v, key_of(state));
  leave_coordinator(self);
  state.phase = join_phase::gone;
  ++state.round;
  auto promise = state.leaving->promise;
  state.leaving.reset();
  promise.deliver(true);
}

void look_what_is_held(membership_pointer self, size_t held) {
  auto& state = self->state;
  if (!state.leaving)
    return;
  state.leaving->looking = false;
  state.leaving->next_look = self->clock().now() + departure_interval;
  switch (state.leaving->plan.look(held, self->clock().now())) {
    case departure::step::go:
      return depart(self);
    case departure::step::hand_back:
      if (state.place)
        self->send(state.place->worker, atom::handback_v);
      break;
    case departure::step::wait:
      break;
  }
  self->delayed_send(self, departure_interval, atom::tick_v);
}

void watch_departure(membership_pointer self) {
  auto& state = self->state;
  if (!state.leaving || state.leaving->looking
      || self->clock().now() < state.leaving->next_look)
    return;
  if (!state.place)
    return look_what_is_held(self, 0);
  state.leaving->looking = true;
  self->request(state.place->worker, report_deadline, atom::report_v)
      .then(
          [=](const std::vector<held_attempt>& held) {
            look_what_is_held(self, held.size());
          },
          // It is being restarted, or very busy: not known means not free.
          [=](const caf::error&) { look_what_is_held(self, 1); });
}

caf::result<bool> leave(membership_pointer self, uint64_t limit_ms) {
  auto& state = self->state;
  if (state.phase == join_phase::gone)
    return true;
  if (state.leaving)
    return to_caf({ec::conflict, key_of(state).name, "is leaving already", ""});
  auto promise = self->make_response_promise<bool>();
  auto limit = self->clock().now() + milliseconds{limit_ms};
  state.leaving.emplace(leaving_node{departure{limit}, promise, false, {}});
  spdlog::info("node {} leaves once its tasks are done", key_of(state).name);
  tell_departure(self);
  watch_departure(self);
  return promise;
}

// -- the rest -----------------------------------------------------------------

using hello_reply = caf::result<bool, std::string, std::string, uint16_t>;

hello_reply hello(const membership_state& state, uint32_t protocol,
                  const std::string& version, const std::string& asker) {
  if (protocol != protocol_version) {
    auto who = asker.empty() ? "a client" : "node " + asker;
    auto reason = who + " of troupe " + version + " speaks protocol "
                  + std::to_string(protocol) + ", node " + key_of(state).name
                  + " of troupe " + state.config.card.version
                  + " speaks protocol " + std::to_string(protocol_version);
    spdlog::warn("refused: {}", reason);
    return {false, std::move(reason), std::string{}, uint16_t{0}};
  }
  if (state.phase != join_phase::member)
    return to_caf(looks_itself(state));
  seed at;
  if (!state.coordinator_at.host.empty()) {
    // How we reach it need not be how others do; how it calls itself is.
    const auto* leader = state.view.coordinator();
    at = leader ? seed_from_string(leader->card.address) : seed{};
    if (at.port == 0)
      at = state.coordinator_at;
  }
  return {true, std::string{}, at.host, at.port};
}

caf::result<coordinator_actor> lead(const membership_state& state) {
  if (state.phase != join_phase::member)
    return to_caf(looks_itself(state));
  if (state.coordinator != state.own)
    return to_caf({ec::not_coordinator, key_of(state).name,
                   "is not the coordinator",
                   "ask " + to_string(state.coordinator_at)});
  return state.own;
}

void tick(membership_pointer self) {
  auto& state = self->state;
  watch_departure(self);
  if (self->clock().now() < state.due)
    return;
  if (state.phase == join_phase::waiting)
    return search(self);
  if (state.phase != join_phase::member)
    return;
  tell_load(self);
  arm(self, status_interval);
}

void enlist(membership_pointer self, const placed_worker& place) {
  auto& state = self->state;
  state.place = place;
  tell_departure(self);
  if (state.phase == join_phase::member) {
    // The same coordinator, told of the new worker.
    found_coordinator same{state.coordinator, state.coordinator_at.host,
                           state.coordinator_at.port};
    report(self, ++state.round, same);
  } else if (state.phase != join_phase::gone) {
    search(self);
  }
}

void take_lead(membership_pointer self, const coordinator_actor& own) {
  auto& state = self->state;
  state.own = own;
  if (state.phase == join_phase::gone)
    return;
  leave_coordinator(self);
  search(self);
}

} // namespace

membership_actor::behavior_type membership(membership_pointer self,
                                           membership_config config) {
  self->state.machine = join_machine{config.card.key.incarnation};
  self->state.config = std::move(config);
  self->set_down_handler([=](const caf::down_msg& down) { lost(self, down); });
  if (ready_to_join(self->state))
    search(self);
  return {
      [=](atom::hello, uint32_t protocol, const std::string& version,
          const std::string& asker) {
        return hello(self->state, protocol, version, asker);
      },
      [=](atom::lead) { return lead(self->state); },
      [=](atom::members, std::vector<member>& rows) {
        self->state.view.merge(std::move(rows));
      },
      [=](atom::enlist, const placed_worker& place) { enlist(self, place); },
      [=](atom::lead, const coordinator_actor& own) { take_lead(self, own); },
      [=](atom::describe, const profile& abilities) {
        self->state.abilities = abilities;
        tell_abilities(self);
      },
      [=](atom::nodes) { return self->state.view.table(); },
      [=](atom::leave, uint64_t limit_ms) { return leave(self, limit_ms); },
      [=](atom::tick) { tick(self); },
  };
}

} // namespace troupe
