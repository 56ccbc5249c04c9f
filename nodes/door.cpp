#include "nodes/door.hpp"

#include <string>

#include <caf/event_based_actor.hpp>
#include <caf/result.hpp>

#include "messages/types.hpp"

namespace troupe {

namespace {

using door_pointer = caf::stateful_actor<door_state>*;

template <class... Results, class... Ts>
caf::result<Results...> pass_on(door_pointer self, const Ts&... xs) {
  if (!self->state.membership)
    return to_caf({ec::not_coordinator, "", "is only just starting",
                   "try again in a moment"});
  return self->delegate(self->state.membership, xs...);
}

} // namespace

caf::behavior door(door_pointer self) {
  return {
      [=](atom::enlist, const membership_actor& membership) {
        self->state.membership = membership;
      },
      [=](atom::hello verb, uint32_t protocol, const std::string& version,
          const std::string& asker) {
        return pass_on<bool, std::string, std::string, uint16_t>(
            self, verb, protocol, version, asker);
      },
      [=](atom::lead verb) { return pass_on<coordinator_actor>(self, verb); },
      [=](atom::leave verb, uint64_t limit_ms) {
        return pass_on<bool>(self, verb, limit_ms);
      },
  };
}

} // namespace troupe
