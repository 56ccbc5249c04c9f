#pragma once

#include <chrono>

#include <caf/make_message.hpp>
#include <caf/result.hpp>

#include "actors/membership.hpp"

/// What the parts of MEMBERSHIP do for each other; for its own files only.
namespace troupe::membership_steps {

using membership_pointer = membership_actor::stateful_pointer<membership_state>;

/// How long the worker may take to say what it holds.
constexpr std::chrono::seconds report_deadline{5};

/// Between two signs of life of a member.
constexpr std::chrono::seconds status_interval{1};

inline const node_key& key_of(const membership_state& state) {
  return state.config.card.key;
}

/// Sees to it that `tick` acts after the delay, and not before.
void arm(membership_pointer self, std::chrono::milliseconds delay);

// -- joining

/// True when what this node's roles need is there.
bool ready_to_join(const membership_state& state);

/// Looks for the coordinator and joins, now or as soon as that is possible.
/// What was under way for that is of no account any more.
void search(membership_pointer self);

/// Joins once more at the same coordinator.
void join_again(membership_pointer self);

/// Whoever was monitored went.
void lost(membership_pointer self, const caf::down_msg& down);

void leave_coordinator(membership_pointer self);

/// Tells the coordinator what the node can encode, if both are known.
void tell_abilities(membership_pointer self);

// -- leaving

/// Answers once the node has left. Code: conflict when it is leaving already.
caf::result<bool> leave(membership_pointer self, uint64_t limit_ms);

/// Tells worker and coordinator that this node takes nothing new, if it is
/// leaving.
void tell_departure(membership_pointer self);

/// Looks whether a leaving node may go by now.
void watch_departure(membership_pointer self);

} // namespace troupe::membership_steps
