#pragma once

#include <caf/actor_system.hpp>
#include <caf/io/scribe.hpp>

#include "encode/unique_fd.hpp"

namespace troupe {

/// Makes a TLS client of a connected socket, with the certificates of the actor
/// system. CAF makes these only for sockets that it connected by itself, and
/// that blocks for as long as the system's TCP likes. The handshake goes on in
/// the background.
/// @returns nothing when it failed already
caf::io::scribe_ptr make_tls_scribe(caf::actor_system& system,
                                    unique_fd socket);

} // namespace troupe
