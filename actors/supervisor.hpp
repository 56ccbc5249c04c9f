#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/error.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/backoff.hpp"
#include "actors/restart_limit.hpp"
#include "messages/interfaces.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// One or more actors that live and die together.
struct child_spec {
  std::string name; ///< for the log
  /// Spawns them and makes them known to whoever needs them. A failure counts
  /// like a death.
  std::function<outcome<std::vector<caf::actor>>()> start;
};

struct supervisor_config {
  /// In the order of their start; the end is in the reverse order.
  std::vector<child_spec> children;
  size_t max_restarts = 3; ///< of all children together, in `within`
  std::chrono::milliseconds within{10'000};
  /// What an end may take before it is done without.
  std::chrono::milliseconds patience{10'000};
};

/// A child as it is at the moment.
struct supervised_child {
  enum class phase { waiting, running, ending, ended };

  child_spec spec;
  phase now = phase::waiting;
  std::vector<caf::actor> alive;
  /// When it is started, or when it must have ended.
  std::chrono::steady_clock::time_point due;
};

struct supervisor_state {
  static inline const char* name = "supervisor";

  std::chrono::milliseconds patience;
  std::chrono::milliseconds within;
  std::vector<supervised_child> children;
  restart_limit limit{0, {}};
  backoff pace{std::chrono::milliseconds{50}, std::chrono::seconds{2}};
  std::chrono::steady_clock::time_point last_failure;

  /// Why everything ends, once it does.
  std::optional<caf::error> ending;
};

/// Starts the children and restarts one whose actors die, all of them (one for
/// one, with a limit). One restart too many ends the supervisor with a failure
/// of code internal. So does an exit message, with its reason. Before it ends
/// its children do. Their starts may block: spawned detached.
supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           supervisor_config config);

} // namespace troupe
