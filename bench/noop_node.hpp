#pragma once

#include <string>

#include <caf/actor_system.hpp>

#include "messages/cluster.hpp"

/// A node whose encoders do nothing, for benches of everything around them.
namespace troupe::bench {

/// Spawns the actors of a node: a real WORKER; ENCODERs without a session that
/// answer at once, as a good session would; a CAPABILITY_PROBE that knows its
/// answer; and a MEMBERSHIP that listens only.
/// @returns what the node asks a COORDINATOR with to be let in; it has the root
/// "media"
join_request spawn_noop_node(caf::actor_system& system, const std::string& name,
                             uint32_t slots);

} // namespace troupe::bench
