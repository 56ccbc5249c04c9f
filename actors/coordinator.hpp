#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/placement.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

/// A job that has not ended, as the COORDINATOR knows it.
struct admitted_job {
  job_actor actor;
  job_report first;             ///< as it was submitted
  std::optional<size_t> worker; ///< whose slot it holds
};

/// A worker that enlisted, as the COORDINATOR knows it.
struct enlisted_worker {
  placed_worker place;
  bool present = true; ///< gone workers keep their place in the list
  uint32_t used = 0;   ///< slots that jobs hold
};

struct coordinator_state {
  static inline const char* name = "coordinator";

  /// Jobs that have not ended. A job leaves with its last report.
  std::map<job_id, admitted_job> jobs;

  /// Last reports; the oldest is forgotten when there are too many.
  std::map<job_id, job_report> ended;

  /// In the order of their enlisting.
  std::vector<enlisted_worker> workers;

  /// Tasks without a slot.
  ready_queue ready;
};

/// Admits jobs, spawns a JOB for each, and places their tasks on the slots of
/// workers: priority first, then age.
coordinator_actor::behavior_type
coordinator(coordinator_actor::stateful_pointer<coordinator_state> self);

} // namespace troupe
