#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "encode/session/descriptor_io.hpp"
#include "encode/session_protocol.hpp"

namespace troupe::session {

/// A request as it arrived, with the descriptors that came beside it.
struct received_request {
  request what;
  std::vector<descriptor> descriptors;
};

/// The session's end of the control socket. One thread receives; any thread
/// sends.
class control {
public:
  explicit control(int fd) : fd_(fd) {}

  /// Waits for the next request. Nothing when the node closed its end or sent
  /// what can't be read: either way the session is over.
  std::optional<received_request> receive();

  enum class waited { timeout, gone, woken };

  /// Waits until `wake` becomes readable, the node closes its end, or the time
  /// is over. What the node says meanwhile waits for `receive`.
  waited wait(int wake, int timeout_ms) const;

  /// Sends a whole record; false when the node is gone.
  bool send(const event& what);

private:
  bool read_exactly(char* buffer, size_t size,
                    std::vector<descriptor>& descriptors);

  int fd_;
  std::mutex sending_;
};

} // namespace troupe::session
