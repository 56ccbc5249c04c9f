#pragma once

#include <string>

#include <sys/types.h>

#include "encode/unique_fd.hpp"
#include "messages/outcome.hpp"

namespace troupe::session {

/// A session process, as the thread that watches it holds it.
struct spawned_session {
  pid_t pid = -1;
  unique_fd process; ///< readable once the process ended; for signals too
  unique_fd control; ///< the node's end of the control socket
  unique_fd errors;  ///< where its standard error can be read
};

/// Starts `program` the way docs/session-protocol.md says. The kernel's death
/// signal goes by thread: the calling thread must outlive the process, and must
/// reap it. Code: session_unavailable.
outcome<spawned_session> spawn_session(const std::string& program);

/// Kills the process at once; it stays to be reaped. No harm when it is gone.
void kill_session(const spawned_session& session);

} // namespace troupe::session
