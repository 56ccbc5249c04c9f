#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/seed_search.hpp"
#include "messages/cluster.hpp"

namespace troupe {

struct finder_config {
  std::vector<seed> seeds;
  dialer_actor dialer;
  std::string version; ///< of troupe
  std::string name;    ///< of the node that looks; "" for a client
  /// What the search may take altogether. A node that looks again and again is
  /// better off with less than a client: a seed that hangs holds up its round.
  std::chrono::milliseconds patience{5000};
};

struct finder_state {
  static inline const char* name = "finder";

  finder_config config;

  /// The search that runs while anybody waits.
  seed_search search;

  /// Its number: answers to earlier ones come too late.
  uint64_t round = 0;

  /// When it ends at the latest.
  std::chrono::steady_clock::time_point deadline;

  /// Who waits for it. Whoever takes one out answers it.
  std::vector<caf::typed_response_promise<found_coordinator>> askers;
};

/// Asks all seeds at once and follows where they lead; the first coordinator
/// that is found is the answer. Who asks while a search runs shares it.
finder_actor::behavior_type
finder(finder_actor::stateful_pointer<finder_state> self, finder_config config);

} // namespace troupe
