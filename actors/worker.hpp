#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/attempt_book.hpp"
#include "actors/stall_watch.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

/// Spawns an ENCODER for the worker. Encoders block for file operations: a node
/// spawns them detached, a test on its scheduler.
using encoder_spawner = std::function<encoder_actor(const worker_actor&)>;

struct worker_config {
  uint32_t slots = 1; ///< sessions at once, at least 1
  encoder_spawner spawn_encoder;
};

/// Who hears of an attempt.
struct attempt_owner {
  /// Not monitored: an encode outlives the JOB that placed it, and whoever
  /// takes its place adopts the attempt.
  job_actor job;
  /// The question for leave to publish that the JOB has not answered; 0 when
  /// there is none. Answers to earlier ones are not listened to.
  uint64_t question = 0;
  /// How long its encoder has said nothing.
  stall_watch silence;
};

struct worker_state {
  static inline const char* name = "worker";

  worker_config config;

  attempt_book book{1};

  /// One ENCODER per job that has a slot, so that its session stays warm
  /// between tasks. Monitored.
  std::map<job_id, encoder_actor> encoders;

  /// One per attempt in the book.
  std::map<attempt_id, attempt_owner> owners;

  uint64_t questions = 0; ///< asked so far

  /// A tick is on its way; there is never more than one.
  bool ticking = false;
};

/// Runs tasks on the slots of one machine. It ends its encoders when it ends.
worker_actor::behavior_type
worker(worker_actor::stateful_pointer<worker_state> self, worker_config config);

} // namespace troupe
