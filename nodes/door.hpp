#pragma once

#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "messages/interfaces.hpp"

namespace troupe {

struct door_state {
  static inline const char* name = "door";

  door_state() = default;

  membership_actor membership; ///< none while it is being started
};

/// What a node publishes: passes what comes from outside on to the MEMBERSHIP
/// of the moment, so that the port stays the same one's when a membership is
/// restarted. Told of it by (`enlist`, membership).
caf::behavior door(caf::stateful_actor<door_state>* self);

} // namespace troupe
