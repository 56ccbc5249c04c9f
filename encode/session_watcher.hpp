#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "encode/session_process.hpp"
#include "encode/session_spawn.hpp"

namespace troupe::session {

/// Cuts a stream of bytes into the bodies of records.
class record_splitter {
public:
  /// Takes what arrived.
  void feed(std::string_view bytes);

  /// The next body that is complete. It stays valid until the next call.
  std::optional<std::string_view> next();

  /// True when a record announces an impossible length: nothing that follows
  /// can be read.
  bool broken() const { return broken_; }

private:
  std::string buffer_;
  size_t used_ = 0; ///< bytes of the buffer that were given out
  bool broken_ = false;
};

/// Reads everything that one session says until it is gone, and reaps it.
/// Lives on the thread that spawned the session.
class watcher {
public:
  /// Both must outlive the watcher.
  watcher(const spawned_session& session, const listener& hears)
      : session_(session), hears_(hears) {}

  /// Returns once the process is reaped and `exited` was delivered.
  void run();

private:
  using clock = std::chrono::steady_clock;

  /// Waits until something can be read. True when the process has ended.
  bool wait();

  /// Each reads what is there, without waiting. False: nothing more now.
  bool read_records();
  bool read_errors();

  void deliver(std::string_view body);
  void kill_because(std::string reason);
  exited reap();

  const spawned_session& session_;
  const listener& hears_;
  record_splitter records_;
  std::string last_words_;
  std::string verdict_; ///< why we killed it; "" if we did not
  bool control_open_ = true;
  bool errors_open_ = true;
  /// A session that closed its socket is given so long to end by itself, so
  /// that its exit status is seen.
  std::optional<clock::time_point> patience_ends_;
};

} // namespace troupe::session
