#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "encode/session_process.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// A session and what it said: the line between the thread that watches the
/// session and the actor that supervises it.
class session_line {
public:
  /// Starts a session.
  /// @param wake called on the session's thread whenever `next` has something
  ///        new after it had nothing; must not block
  static outcome<session_line> open(const session::starter& start,
                                    const session::start_request& how,
                                    std::function<void()> wake);

  /// Kills and reaps the session, if there still is one.
  ~session_line();
  session_line(session_line&&) noexcept;
  session_line& operator=(session_line&&) noexcept;

  /// @returns false when the session is gone; its end follows
  bool send(const session::request& what, const std::vector<int>& descriptors);

  /// What the session said next; nothing when it said nothing more so far.
  /// Progress that nobody looked at gives way to newer progress.
  std::optional<session::notice> next();

  /// True when the session said more than anybody asked for. The rest is lost:
  /// it is to be given up.
  bool babbling() const;

private:
  class inbox;

  session_line(std::shared_ptr<inbox> heard, session::handle_ptr session);

  std::shared_ptr<inbox> heard_;
  session::handle_ptr session_;
};

} // namespace troupe
