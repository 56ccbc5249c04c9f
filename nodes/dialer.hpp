#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "messages/interfaces.hpp"

namespace troupe {

struct dialer_config {
  /// Spawns an actor that serves one dial and ends (nodes/call.hpp).
  std::function<dialer_actor()> spawn_call;
  /// Calls that run at most, those that nobody waits for any more included.
  size_t max_calls = 32;
  /// What a dial may take, its retry included.
  std::chrono::milliseconds patience{5000};
};

/// A dial that somebody waits for.
struct running_dial {
  dialer_actor call;
  std::chrono::steady_clock::time_point deadline;
  bool retried = false;
  /// Whoever takes one out answers it.
  std::vector<caf::typed_response_promise<caf::strong_actor_ptr>> askers;
};

struct dialer_state {
  static inline const char* name = "dialer";

  dialer_config config;

  /// By host and port; who asks for one that runs shares it.
  std::map<std::pair<std::string, uint16_t>, running_dial> dials;

  /// Calls that haven't ended.
  size_t calls = 0;
};

/// Opens links to other nodes, each in a call of its own.
dialer_actor::behavior_type
dialer(dialer_actor::stateful_pointer<dialer_state> self, dialer_config config);

/// Spawns a dialer that uses the network of its system.
/// @param tls whether the system has certificates (nodes/network.hpp)
dialer_actor spawn_dialer(caf::actor_system& system, bool tls);

} // namespace troupe
