#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/timespan.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/journal_store.hpp"
#include "actors/wall_clock.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

struct journal_config {
  /// Called at `load`, since looking through a file takes its time.
  journal_opener open;
  journal_retention retention;
  /// Told every step of every transaction.
  journal_hook step = [](journal_step) {};
  /// By which ended jobs grow old; Unix milliseconds.
  std::function<uint64_t()> now_ms = unix_ms;
  /// How long what arrives is gathered before it is committed: a slow disk, for
  /// tests. With 0 it is what has arrived already.
  std::chrono::milliseconds commit_delay{0};
};

/// Who waits for an entry.
using journal_asker = std::variant<caf::typed_response_promise<job_id>,
                                   caf::typed_response_promise<bool>>;

struct journal_state {
  static inline const char* name = "journal";

  journal_config config;

  /// Who waits for a reign that a full disk holds up. Whoever removes one
  /// answers it.
  std::vector<caf::typed_response_promise<std::shared_ptr<const journal_image>>>
      loading;

  /// None before the first reign.
  std::unique_ptr<journal_store> store;

  /// What waits for its commit, oldest first. While the disk is full these are
  /// changes only.
  std::vector<journal_entry> entries;

  /// Who waits for the entry at the same place. Whoever removes one answers.
  std::vector<journal_asker> askers;

  /// Of `entries`, about.
  size_t bytes = 0;

  /// How many entries there were when a commit was last put off.
  size_t gathered = 0;

  /// What the last commit took, which tells what is worth waiting for.
  size_t last_count = 0;
  caf::timespan last_duration{0};

  /// The commit was put off until as many are there as the last time.
  bool patient = false;

  /// A message `commit` is on its way.
  bool scheduled = false;

  /// A message `tick` is on its way.
  bool ticking = false;

  /// The last commit found no room.
  bool full = false;

  /// Why it ends; code none while it doesn't.
  failure end;
};

/// Writes down what was decided. It waits for the disk: a node spawns it
/// detached. It ends with the failure as its reason when the store fails for
/// good, after everybody who waited heard of it.
journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self,
        journal_config config);

} // namespace troupe
