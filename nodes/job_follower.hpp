#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "messages/interfaces.hpp"
#include "messages/outcome.hpp"
#include "nodes/cluster_client.hpp"

namespace troupe {

/// Tells a thread how jobs go, whatever happens to the coordinator.
class job_follower {
public:
  job_follower(cluster_client& client, const std::vector<job_id>& ids);

  /// Stops listening.
  ~job_follower();

  job_follower(const job_follower&) = delete;
  job_follower& operator=(const job_follower&) = delete;

  /// True once every job was handed out with a final state.
  bool done() const { return open_.empty(); }

  /// Waits for the newest report of a job that wasn't handed out yet; at once
  /// for each the first time. Fails like the client's calls do, with no_cluster
  /// after the patience for an absence. Only while not done.
  outcome<job_report> next();

private:
  using box = std::map<job_id, job_report>;

  outcome<void> meet();
  outcome<void> ask();

  cluster_client& client_;
  std::set<job_id> open_; ///< no final state was handed out
  /// The newest reports that nobody took yet; guarded by the client's desk.
  std::shared_ptr<box> box_;
  observer_actor observer_;
  uint64_t meeting_ = 0; ///< of the coordinator that knows the observer
};

} // namespace troupe
