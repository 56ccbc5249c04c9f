#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "encode/session_process.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// One session that inspects one file, waited for by one thread.
class inspect_session {
public:
  /// @param start makes sessions
  /// @param limits what this one may use
  inspect_session(session::starter start, session_limits limits);

  /// Opens the file for reading, never for writing, and asks a session what it
  /// is. Blocks until it answered, at most a minute. Codes: no_input, bad_input
  /// for what is no media, stalled, cancelled, and what befalls sessions.
  outcome<media_info> inspect(const std::string& path);

  /// Ends a running `inspect` with code cancelled; from any thread.
  void cancel();

private:
  outcome<session::notice> next_notice();

  session::starter start_;
  session_limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<session::notice> notices_; ///< what the session said, unread
  bool cancelled_ = false;
};

} // namespace troupe
