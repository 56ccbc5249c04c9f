#pragma once

#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/probe_trial.hpp"
#include "actors/session_line.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

struct capability_probe_config {
  session::starter start;
  session_limits limits;       ///< of each session
  std::string data_path = "."; ///< whose disk the profile describes
  /// Whether a profile tries encoders up to 4K with the clock running, or just
  /// opens each.
  bool thorough = true;
};

/// A trial whose session runs.
struct running_trial {
  probe_trial what;
  session_line line;
  std::chrono::steady_clock::time_point deadline;
  std::optional<encoder_capability> so_far; ///< of a thorough trial
};

struct capability_probe_state {
  static inline const char* name = "capability_probe";

  capability_probe_config config;

  /// Trials that wait for a session; those that a job waits for come first.
  std::deque<probe_trial> waiting;

  /// At most as many as may run at once.
  std::list<running_trial> running;

  /// What trials proved. Never forgotten: it changes with drivers and libraries
  /// only, and then the node is started anew.
  std::map<probe_trial, encoder_capability> known;

  /// Who waits for a trial. Whoever removes an entry answers it.
  std::multimap<probe_trial, caf::typed_response_promise<encoder_capability>>
      askers;

  /// Who waits for the whole profile.
  std::vector<caf::typed_response_promise<profile>> readers;

  /// What the libraries said; versions come with every session's greeting.
  std::optional<session::libraries> libraries;
  std::vector<library_version> versions;
};

/// Knows what this machine can encode, by trying. It starts processes: a node
/// spawns it detached.
capability_probe_actor::behavior_type capability_probe(
    capability_probe_actor::stateful_pointer<capability_probe_state> self,
    capability_probe_config config);

} // namespace troupe
