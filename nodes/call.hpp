#pragma once

#include <chrono>

#include <caf/actor.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "messages/interfaces.hpp"

namespace troupe {

struct call_config {
  caf::actor basp; ///< CAF's broker, as `basp_broker_of` has it
  bool tls = false;
  /// What connecting may take, and then the handshake.
  std::chrono::milliseconds patience{5000};
};

struct call_state {
  static inline const char* name = "call";
  call_config config;
  caf::typed_response_promise<caf::strong_actor_ptr> promise;
};

/// One dial: a DIALER that serves one request and ends with its answer.
/// Connecting blocks, so it is spawned detached. CAF's own middleman would
/// connect for everybody in one thread: a host that swallows packets would hold
/// up all other calls for minutes.
dialer_actor::behavior_type
call(dialer_actor::stateful_pointer<call_state> self, call_config config);

/// The actor that drives all links. Not to be called from several threads.
caf::actor basp_broker_of(caf::actor_system& system);

} // namespace troupe
