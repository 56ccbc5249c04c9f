#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "messages/interfaces.hpp"

namespace troupe {

/// Spawns an ENCODER for the worker. Encoders block for file operations: a node
/// spawns them detached, a test on its scheduler.
using encoder_spawner = std::function<encoder_actor(const worker_actor&)>;

struct worker_config {
  uint32_t slots = 1; ///< sessions at once
  encoder_spawner spawn_encoder;
};

/// A slot in use.
struct occupied_slot {
  encoder_actor encoder;
  job_actor job;
  attempt_id attempt; ///< the last that the encoder was given
};

struct worker_state {
  static inline const char* name = "worker";

  worker_config config;

  /// One ENCODER per job, so that a job's session stays warm between tasks.
  std::map<job_id, occupied_slot> slots;
};

/// Runs tasks on the slots of one machine. It ends its encoders when it ends.
worker_actor::behavior_type
worker(worker_actor::stateful_pointer<worker_state> self, worker_config config);

} // namespace troupe
