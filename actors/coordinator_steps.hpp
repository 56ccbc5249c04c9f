#pragma once

#include <caf/make_message.hpp>
#include <caf/result.hpp>

#include "actors/coordinator.hpp"

/// What the parts of the COORDINATOR do for each other; nobody else includes
/// this.
namespace troupe::coordinator_steps {

using coordinator_pointer =
    coordinator_actor::stateful_pointer<coordinator_state>;

/// A placement round comes soon.
void place_soon(coordinator_pointer self);

/// Puts a job that is durable into the queue.
void enqueue(coordinator_pointer self, submitted_job job);

/// Gives the job its actor, if it has none. Null when there is no such job.
active_job* wake(coordinator_pointer self, const job_id& id);

/// Spawns the JOB of a job that the journal told of.
active_job& spawn_job(coordinator_pointer self, const remembered_job& from);

// Jobs: what the messages of the same names bring about.
caf::result<job_id> submit(coordinator_pointer self,
                           const job_request& request);
caf::result<job_report> report(coordinator_pointer self, const job_id& id);
void watch(coordinator_pointer self, const job_id& id,
           const observer_actor& observer);
caf::result<job_id> retry(coordinator_pointer self, const job_id& id);
caf::result<job_id> migrate(coordinator_pointer self, const job_id& id,
                            const std::string& node);
caf::result<job_id> forget(coordinator_pointer self, const job_id& id);
caf::result<std::vector<job_summary>> list(coordinator_pointer self,
                                           const job_query& query);
void ready(coordinator_pointer self, const job_id& id, const task_needs& needs);
void ended(coordinator_pointer self, const job_report& last);
void job_lost(coordinator_pointer self, const caf::down_msg& down);

/// There is no JOB for it: replies not_found, or conflict when it has ended.
caf::result<job_id> refuse_ended(coordinator_pointer self, const job_id& id);

// Nodes.
caf::result<welcome> join(coordinator_pointer self,
                          const join_request& request);
void node_lost(coordinator_pointer self, const node_key& node);
void node_left(coordinator_pointer self, const node_key& node);
caf::result<std::string> drain(coordinator_pointer self,
                               const std::string& name, bool drained);
caf::result<profile> caps(coordinator_pointer self, const std::string& name);
/// All nodes that are known, by name.
std::vector<member> rows(const coordinator_state& state);
/// Tells every member what changed since the last time.
void tell_members(coordinator_pointer self);
void end_adoption(coordinator_pointer self);

} // namespace troupe::coordinator_steps
