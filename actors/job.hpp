#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/encoder_choice.hpp"
#include "actors/job_machine.hpp"
#include "actors/rate_limit.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

struct job_actor_state {
  static inline const char* name = "job";

  // CAF would initialise an aggregate's first member with the actor.
  job_actor_state() = default;

  coordinator_actor coordinator;

  job_machine machine{{}};

  /// Told of every change; each leaves when it goes.
  std::vector<observer_actor> observers;

  /// Where the job holds a slot, once it was placed.
  std::optional<placed_worker> place;

  /// When it was placed first, by the actor's clock.
  std::chrono::steady_clock::time_point started;

  /// The two things that planning waits for, and the plan.
  encoder_choice encoder;
  std::optional<media_info> media;
  encode_plan plan;

  /// How the job will end once its running attempt is known to be gone, so that
  /// nothing of it is left when a client hears of the end.
  std::optional<failure> ending;

  /// When the end comes in any case.
  std::chrono::steady_clock::time_point ending_by;

  /// For figures; changes of state are told at once.
  rate_limit updates{std::chrono::milliseconds{250}};
};

/// One job: cuts it into tasks and sees them through.
/// @param first its report, queued; the spec is valid
job_actor::behavior_type job(job_actor::stateful_pointer<job_actor_state> self,
                             coordinator_actor coordinator, job_report first);

} // namespace troupe
