#pragma once

#include "encode/session_protocol.hpp"

namespace troupe::session {

/// Tries, as injected code would, what the sandbox must stop: files, sockets,
/// processes, programs, executable memory, other processes. Called by the
/// sandbox's test in a session whose sandbox is closed.
escapes try_escapes();

} // namespace troupe::session
