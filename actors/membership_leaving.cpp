#include <spdlog/spdlog.h>

#include "actors/membership_steps.hpp"
#include "messages/types.hpp"

namespace troupe::membership_steps {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds departure_interval{200};

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

} // namespace

void tell_departure(membership_pointer self) {
  auto& state = self->state;
  if (!state.leaving)
    return;
  if (state.place)
    self->send(state.place->worker, atom::drain_v);
  if (state.phase == join_phase::member)
    self->send(state.coordinator, atom::drain_v, key_of(state));
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

} // namespace troupe::membership_steps
