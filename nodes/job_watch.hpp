#pragma once

#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "messages/interfaces.hpp"
#include "nodes/latest.hpp"

namespace troupe {

struct job_watch_state {
  static inline const char* name = "job_watch";

  /// How the job stood when it was last heard of.
  job_report last;
};

/// An OBSERVER that hands every report on to a thread that waits for it. When
/// the coordinator is gone, a last report says that the job failed: nobody
/// waits for ever.
/// @param submitted id and spec of the job that is watched
/// @param from who tells about it
/// @param to where the reports go
observer_actor::behavior_type
job_watch(observer_actor::stateful_pointer<job_watch_state> self,
          job_report submitted, const coordinator_actor& from,
          const std::shared_ptr<latest<job_report>>& to);

} // namespace troupe
