#pragma once

#include <memory>
#include <optional>

#include "messages/interfaces.hpp"
#include "messages/outcome.hpp"
#include "nodes/cluster_client.hpp"

namespace troupe {

/// Tells a thread how a job goes, whatever happens to the coordinator.
class job_follower {
public:
  job_follower(cluster_client& client, const job_id& id);

  /// Stops listening.
  ~job_follower();

  job_follower(const job_follower&) = delete;
  job_follower& operator=(const job_follower&) = delete;

  /// Waits for the newest report that wasn't handed out yet; at once the first
  /// time. Fails like the client's calls do, with no_cluster after the
  /// patience for an absence.
  outcome<job_report> next();

private:
  outcome<job_report> meet_again();

  cluster_client& client_;
  job_id id_;
  /// The newest report that nobody took yet; guarded by the client's desk.
  std::shared_ptr<std::optional<job_report>> box_;
  observer_actor observer_;
  uint64_t meeting_ = 0; ///< of the coordinator that knows the observer
};

} // namespace troupe
