#pragma once

#include <cstdint>
#include <string>

#include "messages/limits.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// How one node runs. Read once at the start; the actors get parts of it by
/// value.
struct node_settings {
  /// The node's name, as `nodes` and the tasks of a job show it. 1 to 64
  /// letters, digits, '-', '_' or '.'.
  std::string name = "local";
  /// Sessions at once, 1 to 256.
  uint32_t slots = 1;
  /// Threads of one session's encoder, 0 to 1024; 0 means the processors that
  /// this process may use, divided by the slots.
  uint32_t threads = 0;
  /// What each session may use.
  session_limits session;
  /// Threads for all actors that don't block, 1 to 64. They only pass messages
  /// on; the work is done in sessions.
  uint32_t scheduler_threads = 2;
  /// The program that sessions run; "" means `troupe-session` beside `troupe`.
  std::string session_program;

  friend bool operator==(const node_settings&, const node_settings&) = default;
};

/// Refuses impossible values: code usage, the setting as subject, what was
/// found and what is allowed.
outcome<void> check(const node_settings& settings);

} // namespace troupe
