#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::simulation {

/// What a scenario provokes.
enum class scenario_kind : uint8_t {
  calm,        ///< no fault: everything is done once
  coordinator, ///< only the coordinator dies, again and again
  failover,    ///< one worker is lost, and others have room
  chaos,       ///< anything, at any time
};

/// "calm", ...
std::string to_string(scenario_kind kind);

/// How a seed went.
struct verdict {
  uint64_t seed = 0;
  scenario_kind kind = scenario_kind::calm;
  std::vector<std::string> violations; ///< empty is right
  std::vector<std::string> history;
  uint64_t digest = 0; ///< of the history: the same whenever the seed runs
  double simulated_s = 0;
};

/// Plays one seed.
/// @param trace prints the history as it happens, with what the actors log
verdict play(uint64_t seed, bool trace);

} // namespace troupe::simulation
