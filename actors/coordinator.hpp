#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/job_id_source.hpp"
#include "actors/node_table.hpp"
#include "actors/ready_queue.hpp"
#include "actors/retry_policy.hpp"
#include "actors/time_limits.hpp"
#include "messages/cluster.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

struct coordinator_config {
  journal_actor journal;
  retry_limits retries;
  node_rules nodes;
  time_limits times = {};
  /// Paths of jobs must be `root:/path`; false only where client and worker are
  /// one process.
  bool rooted_paths = true;
  size_t max_jobs = 200'000; ///< that haven't ended; more are refused
  /// How long tasks of an earlier reign wait for their node to come back.
  std::chrono::milliseconds adoption_patience{5000};
  std::function<uint64_t()> wall_ms; ///< Unix milliseconds
  std::function<uint64_t()> random;  ///< 64 random bits, for job ids
};

/// A job that has left the queue.
struct active_job {
  job_actor actor;
  job_summary summary; ///< as it was last told
};

/// A job that hasn't ended: one of the two.
struct job_entry {
  std::unique_ptr<submitted_job> queued;
  std::unique_ptr<active_job> active;
};

/// How to reach a node that is here.
struct node_link {
  node_key key;
  membership_actor membership;
  placed_worker place; ///< only when it is a worker
};

struct coordinator_state {
  static inline const char* name = "coordinator";

  // CAF would initialise an aggregate's first member with the actor.
  coordinator_state() = default;

  coordinator_config config;
  uint64_t epoch = 0;    ///< of this reign; 0 until the journal was read
  uint64_t began_ms = 0; ///< the reign; Unix milliseconds

  /// Jobs that have not ended. A job leaves with its last report.
  std::map<job_id, job_entry> jobs;
  std::map<caf::actor_addr, job_id> jobs_by_actor;

  /// Jobs that are being written down and count already.
  size_t admitting = 0;

  /// Ended jobs that are being deleted or begun anew.
  std::set<job_id> changing;

  ready_queue queue;
  node_table nodes{{}};

  /// Nodes that are here, by name.
  std::map<std::string, node_link> links;

  /// Runs of nodes that held attempts in an earlier reign and weren't heard of
  /// yet; and the jobs that wait for them. Both empty once adoption is over.
  std::set<node_key> awaited;
  std::set<job_id> restored;

  /// Jobs that were lost with a node, to be told when it is back.
  std::map<node_key, std::set<job_id>> lost_with;

  std::optional<job_id_source> ids;

  /// A placement round is on its way; there is never more than one.
  bool placing = false;
};

/// Admits jobs, lets them out of the queue when there is a slot for them, and
/// knows the members. It takes up the reign that its JOURNAL opens.
coordinator_actor::behavior_type
coordinator(coordinator_actor::stateful_pointer<coordinator_state> self,
            coordinator_config config);

} // namespace troupe
