#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "encode/session_protocol.hpp"

namespace troupe::session {

/// How a session process ended. Delivered exactly once, as the last event.
struct exited {
  int status = 0; ///< exit status; meaningful when signal is 0
  int signal = 0; ///< that killed it, 0 if it exited by itself
  /// The end of what it wrote to its standard error, at most 4 KiB.
  std::string last_words;
};

/// What a listener hears of a session: its records in order, then its end.
using notice = std::variant<event, exited>;

/// Called on the session's own watching thread; must not block, and must not
/// destroy the process. Never called again after `exited`.
using listener = std::function<void(notice)>;

/// A running session, seen from the node. Tests put models in its place.
class handle {
public:
  virtual ~handle() = default;

  /// Sends a request with the descriptors that belong to it. They stay the
  /// caller's. False when the session is gone or doesn't read any more; the
  /// listener hears why.
  virtual bool send(const request& what,
                    const std::vector<int>& descriptors) = 0;

  /// Kills the session at once. `exited` follows.
  virtual void kill() = 0;
};

using handle_ptr = std::unique_ptr<handle>;

/// Starts sessions; the seam between the actors and the operating system.
using starter =
    std::function<outcome<handle_ptr>(const start_request&, listener)>;

/// The program `troupe-session` beside the running executable; the environment
/// variable TROUPE_SESSION names another (for tests).
std::string default_session_program();

/// Makes a starter of real processes. Each is spawned by a thread of its own,
/// which outlives it: the kernel's death signal goes by thread. The thread
/// reads records and standard error, reaps, and joins in the destructor, which
/// kills the process if it still runs.
/// @param program path of troupe-session
starter make_starter(std::string program);

} // namespace troupe::session
