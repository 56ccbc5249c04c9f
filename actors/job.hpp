#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/encoder_choice.hpp"
#include "actors/job_machine.hpp"
#include "actors/rate_limit.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

/// What every JOB of a reign shares.
struct job_config {
  coordinator_actor coordinator;
  journal_actor journal;
  uint64_t epoch = 0;
  retry_limits retries;
  std::function<uint64_t()> wall_ms; ///< Unix milliseconds
  /// False where paths are this machine's own, and name no root even if they
  /// look as if they did: "http:/a".
  bool rooted_paths = true;
};

/// A probe that runs, or whose plan is being made: the two things that a plan
/// waits for.
struct probing {
  encoder_choice encoder; ///< what the probing node is asked for
  std::optional<media_info> media;
};

struct job_actor_state {
  static inline const char* name = "job";

  // CAF would initialise an aggregate's first member with the actor.
  job_actor_state() = default;

  job_config config;

  /// Everything that is decided. Set before the first message.
  std::optional<job_machine> machine;

  /// Told of every change; each leaves when it goes.
  std::vector<observer_actor> observers;

  /// Where attempts run that are alive and not awaited.
  std::map<attempt_id, placed_worker> places;

  /// Nodes that brought back something unwanted, for which a slot may be held.
  std::set<node_key> unwanted_at;

  /// Nodes that failed at it, to be avoided from now on.
  std::set<std::string> avoid;

  /// Probes whose attempts are alive and in their places; they may race.
  std::map<attempt_id, probing> probes;

  /// Who waits to hear that a grant is durable.
  std::map<attempt_id, std::vector<caf::typed_response_promise<publish_grant>>>
      grants;

  /// How the job will end once its attempts are known to be gone, so that
  /// nothing of it is left when a client hears of the end; and when it ends in
  /// any case, by the actor's clock.
  std::optional<failure> ending;
  std::chrono::steady_clock::time_point ending_by;

  /// The end is written down, and may be told.
  bool concluded = false;

  /// For figures; changes of state are told at once.
  rate_limit updates{std::chrono::milliseconds{250}};
  rate_limit summaries{std::chrono::milliseconds{1000}};
};

/// One job, from the queue to its end: turns it into tasks and sees them
/// through, whatever happens to the nodes that run them. What it decides is
/// durable in the JOURNAL before anybody hears of it.
/// @param from the job as the journal has it
job_actor::behavior_type job(job_actor::stateful_pointer<job_actor_state> self,
                             job_config config, const remembered_job& from);

} // namespace troupe
