#include "actors/membership.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "actors/membership_steps.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace membership_steps {

void arm(membership_pointer self, std::chrono::milliseconds delay) {
  self->state.due = self->clock().now() + delay;
  self->delayed_send(self, delay, atom::tick_v);
}

} // namespace membership_steps

namespace {

using namespace membership_steps;

failure looks_itself(const membership_state& state) {
  return {ec::not_coordinator, key_of(state).name,
          "is looking for the coordinator itself", "try again in a moment"};
}

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
  self->send(state.coordinator, atom::status_v, key_of(state),
             state.config.sample());
  arm(self, status_interval);
}

void enlist(membership_pointer self, const placed_worker& place) {
  auto& state = self->state;
  state.place = place;
  tell_departure(self);
  if (state.phase == join_phase::member) {
    join_again(self); // the same coordinator, told of the new worker
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
