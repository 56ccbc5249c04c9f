#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "messages/atoms.hpp"
#include "messages/job.hpp"
#include "messages/journal.hpp"
#include "messages/member.hpp"
#include "messages/profile.hpp"
#include "messages/task.hpp"

/// The protocol: every typed actor of troupe, one comment per message that says
/// what the sender gets. An error travels as a `failure` inside a caf::error
/// (messages/types.hpp).
///
/// A node's MEMBERSHIP joins it to the cluster. The COORDINATOR, on one node,
/// decides; it has a JOURNAL, and a JOB for each job that left the queue. Every
/// WORKER runs tasks for JOBs, one ENCODER each. Only these pairs speak across
/// nodes: MEMBERSHIP, WORKER and clients with COORDINATOR and JOBs, each over a
/// link to the coordinator's node that their own node dialled.
namespace troupe {

struct placed_worker;
struct join_request;
struct welcome;
struct found_coordinator;

/// An OBSERVER is told how a job stands: a client that waits for it.
using observer_actor = caf::typed_actor<
    // The job changed, or its figures did. Sent on every change of state and at
    // most four times a second otherwise; the last one has a final state.
    caf::reacts_to<atom::update, job_report>>;

/// The CAPABILITY_PROBE: knows what this machine can encode, by trying.
using capability_probe_actor = caf::typed_actor<
    // Tries one encoder in a session of its own; replies what it proved to do.
    // Answers from memory the second time. One that our table lacks: not_found.
    caf::replies_to<atom::probe, std::string>::with<encoder_capability>,
    // Tries every encoder of our table, as thoroughly as it was configured;
    // replies the whole profile.
    caf::replies_to<atom::describe>::with<profile>,
    // INTERNAL: a session said something, or ended.
    caf::reacts_to<atom::event>,
    // INTERNAL: looks which sessions are late.
    caf::reacts_to<atom::tick>>;

/// The JOURNAL: what was decided, on disk. Appends of one moment share one
/// commit. Any failure but disk_full is final: the coordinator must stop.
using journal_actor = caf::typed_actor<
    // Opens a reign: raises the epoch and replies everything that hasn't ended.
    // Refused with journal_failed when the file is damaged or from a newer
    // troupe. While the disk is full it waits and tries again every second.
    caf::replies_to<atom::load>::with<std::shared_ptr<const journal_image>>,
    // Writes an admitted job; replies its id once that is durable. When the
    // request's key is known, replies the first one's id and writes nothing.
    // Refused at once with disk_full while there is no room.
    caf::replies_to<atom::submit, submitted_job>::with<job_id>,
    // Writes a change; replies true once it is durable. While the disk is full
    // it waits and tries again every second, so the order of changes stays.
    // superseded: a later reign has begun.
    caf::replies_to<atom::append, journal_change>::with<bool>,
    // Replies a job of any state as it was written down, or not_found.
    caf::replies_to<atom::get, job_id>::with<job_report>,
    // Replies a row per ended job, newest first.
    caf::replies_to<atom::list, job_query>::with<std::vector<job_summary>>,
    // Replies the lines of a job's log, oldest first, at most 10,000.
    caf::replies_to<atom::logs, job_id>::with<std::vector<log_line>>,
    // Replies a job of any state with all its attempts, to be queued again, or
    // not_found.
    caf::replies_to<atom::retry,
                    job_id>::with<std::shared_ptr<const remembered_job>>,
    // INTERNAL: commits what has gathered.
    caf::reacts_to<atom::commit>,
    // INTERNAL: forgets ended jobs beyond the limits of retention.
    caf::reacts_to<atom::tick>>;

/// The JOB: one per job that left the queue. Turns it into tasks and sees them
/// through, whatever happens to the nodes that run them.
using job_actor = caf::typed_actor<
    // The coordinator gives a slot of this worker for the task with this index.
    // The JOB sends an attempt there.
    caf::reacts_to<atom::place, uint32_t, placed_worker>,
    // A worker tells how an attempt stands.
    caf::reacts_to<atom::progress, task_progress>,
    // A worker asks whether this attempt may publish. Answered once the
    // decision is durable: granted to one attempt that lives.
    caf::replies_to<atom::publish, attempt_id>::with<publish_grant>,
    // A worker finished an attempt. Acknowledged once durable.
    caf::reacts_to<atom::done, task_result>,
    // A worker gave an attempt up; nothing of it is left. Acknowledged.
    caf::reacts_to<atom::failed, attempt_id, failure>,
    // The node is unreachable: its attempts are lost until it comes back.
    caf::reacts_to<atom::lost, node_key>,
    // The node came back, or a new reign began, and this attempt is on it.
    caf::reacts_to<atom::returned, held_attempt, placed_worker>,
    // What this worker holds was told: what it should hold besides is lost, and
    // its worker forgets what the job has no use for.
    caf::reacts_to<atom::reign, placed_worker>,
    // Every node that could still hold an attempt of an earlier reign was heard
    // or waited for: what isn't back is lost.
    caf::reacts_to<atom::reign>,
    // Replies how the job stands.
    caf::replies_to<atom::get>::with<job_report>,
    // The observer is told of every change from now on, and how it stands now.
    caf::reacts_to<atom::watch, observer_actor>,
    // Ends the job as cancelled; replies once the wish is durable. conflict
    // when it ended already.
    caf::replies_to<atom::cancel>::with<job_id>,
    // Lets running tasks finish and starts nothing new; replies once durable.
    caf::replies_to<atom::pause>::with<job_id>,
    // Goes on after a pause; replies once durable.
    caf::replies_to<atom::resume>::with<job_id>,
    // What runs of the job is started anew on this node, and cancelled where it
    // is once it runs there; replies once durable.
    caf::replies_to<atom::migrate, std::string>::with<job_id>,
    // The coordinator has the last report; the JOB can go.
    caf::reacts_to<atom::release>,
    // INTERNAL: the job's time limit has passed, or that of a worker that was
    // told to abandon a task.
    caf::reacts_to<atom::expire>,
    // INTERNAL: the back-off of the task with this index is over.
    caf::reacts_to<atom::retry, uint32_t>>;

/// The WORKER: slots of one machine; one ENCODER per running task. It outlives
/// coordinators: attempts run on while there is none, and what they end with is
/// kept until a JOB has acknowledged it. Commands carry the epoch of who gives
/// them; those older than the newest seen are refused or, where there is no
/// answer, ignored with a line in the log.
using worker_actor = caf::typed_actor<
    // Runs the task; what becomes of it goes to the JOB. Refused with
    // stale_epoch, draining or no_slot.
    caf::replies_to<atom::run, task_spec, job_actor>::with<attempt_id>,
    // Abandons the attempt. The JOB hears `failed` with code cancelled when
    // nothing of it is left.
    caf::reacts_to<atom::cancel, attempt_id, uint64_t>,
    // From now on what the attempt has to say goes to this JOB, beginning with
    // its stage: progress, its question, its result or its failure.
    caf::reacts_to<atom::adopt, attempt_id, job_actor, uint64_t>,
    // The attempt's end is written down: what was kept of it can go.
    caf::reacts_to<atom::ack, attempt_id, uint64_t>,
    // The job needs nothing of this worker any more: what runs of it is
    // abandoned, what is kept can go.
    caf::reacts_to<atom::release, job_id, uint64_t>,
    // Commands of reigns before this one are refused from now on.
    caf::reacts_to<atom::reign, uint64_t>,
    // Replies every attempt that isn't acknowledged.
    caf::replies_to<atom::report>::with<std::vector<held_attempt>>,
    // Takes no new tasks until told otherwise.
    caf::reacts_to<atom::drain>, caf::reacts_to<atom::undrain>,
    // The node leaves: what still runs is abandoned; JOBs hear handed_back.
    caf::reacts_to<atom::handback>,
    // From an ENCODER: where the attempt is.
    caf::reacts_to<atom::progress, task_progress>,
    // From an ENCODER: the result is verified and waits for `grant`.
    caf::reacts_to<atom::publish, attempt_id>,
    // From an ENCODER: the attempt is done.
    caf::reacts_to<atom::done, task_result>,
    // From an ENCODER: the attempt failed, nothing of it is left.
    caf::reacts_to<atom::failed, attempt_id, failure>,
    // An ENCODER is through with its job after this attempt, and its session is
    // gone: the slot is free.
    caf::reacts_to<atom::ended, attempt_id>,
    // INTERNAL: asks again for leave to publish, and gives up sessions that
    // nobody has used for long.
    caf::reacts_to<atom::tick>>;

/// A worker as the coordinator and the jobs know it.
struct placed_worker {
  node_key node;
  worker_actor worker;
  capability_probe_actor probe;
  uint32_t slots = 1;
  uint32_t threads = 1; ///< that one session's encoder may use
};

/// The ENCODER: supervises one session and the tasks of one job in it, one
/// after the other, for its WORKER. It ends with the job's last task or its
/// first failure.
using encoder_actor = caf::typed_actor<
    // Runs the task in this encoder's session. Progress, publish, then done or
    // failed go to the WORKER.
    caf::reacts_to<atom::run, task_spec>,
    // The answer to `publish`: renames, or throws the result away.
    caf::reacts_to<atom::grant, publish_grant>,
    // Kills the session and leaves nothing behind; then the WORKER hears
    // `failed`.
    caf::reacts_to<atom::cancel, attempt_id>,
    // INTERNAL: looks whether the session moved.
    caf::reacts_to<atom::tick>,
    // INTERNAL: the session said something, or ended. The events wait in the
    // encoder's inbox.
    caf::reacts_to<atom::event>>;

/// The COORDINATOR: admits jobs, spawns a JOB for each that leaves the queue,
/// places tasks, knows the members.
using coordinator_actor = caf::typed_actor<
    // From clients. Admits a job; replies its id once it is durable. A job that
    // cannot be done with any input is refused; so is one beyond the limits.
    caf::replies_to<atom::submit, job_request>::with<job_id>,
    // Replies how a job stands, ended ones included.
    caf::replies_to<atom::get, job_id>::with<job_report>,
    // The observer is told how the job goes, from now to its end.
    caf::reacts_to<atom::watch, job_id, observer_actor>,
    // These reply the job's id once the wish is durable; not_found, conflict.
    caf::replies_to<atom::cancel, job_id>::with<job_id>,
    caf::replies_to<atom::pause, job_id>::with<job_id>,
    caf::replies_to<atom::resume, job_id>::with<job_id>,
    // An ended job that did not complete is queued again.
    caf::replies_to<atom::retry, job_id>::with<job_id>,
    // The job's tasks run on this node only, from now on.
    caf::replies_to<atom::migrate, job_id, std::string>::with<job_id>,
    // Removes an ended job and what is kept of it.
    caf::replies_to<atom::forget, job_id>::with<job_id>,
    // Replies rows of jobs.
    caf::replies_to<atom::list, job_query>::with<std::vector<job_summary>>,
    // Replies the lines of a job's log.
    caf::replies_to<atom::logs, job_id>::with<std::vector<log_line>>,
    // Replies the member table.
    caf::replies_to<atom::nodes>::with<std::vector<member>>,
    // Replies what a node can encode.
    caf::replies_to<atom::caps, std::string>::with<profile>,
    // These reply the node's name once the decision is durable. Undrain also
    // ends a quarantine.
    caf::replies_to<atom::drain, std::string>::with<std::string>,
    caf::replies_to<atom::undrain, std::string>::with<std::string>,
    // From nodes. Lets a node in; replies the table. name_taken,
    // protocol_mismatch, conflict (a second coordinator).
    caf::replies_to<atom::join, join_request>::with<welcome>,
    // A member's load, every second.
    caf::reacts_to<atom::status, node_key, node_load>,
    // What a member can encode.
    caf::reacts_to<atom::describe, node_key, profile>,
    // A member takes no new tasks any more, as it is about to leave.
    caf::reacts_to<atom::drain, node_key>,
    // A member leaves; nothing runs there any more.
    caf::reacts_to<atom::leave, node_key>,
    // From JOBs. A task needs a slot. A job keeps its slot from one task to the
    // next, and with it a warm session.
    caf::reacts_to<atom::ready, job_id, task_needs>,
    // The job holds no slot of this node any more.
    caf::reacts_to<atom::vacate, job_id, node_key>,
    // An attempt on this node ended, well or with a failure that may be the
    // node's fault: what quarantine goes by.
    caf::reacts_to<atom::done, node_key, failure>,
    // How a job stands, for lists: at most once a second and on every change.
    caf::reacts_to<atom::update, job_summary>,
    // A JOB reached a final state, and that is durable.
    caf::reacts_to<atom::ended, job_report>,
    // INTERNAL: the next placement round.
    caf::reacts_to<atom::place>,
    // INTERNAL: nodes that aren't back by now are waited for no longer.
    caf::reacts_to<atom::reign>,
    // INTERNAL: looks at members that are late.
    caf::reacts_to<atom::tick>>;

/// The MEMBERSHIP of a node: what others reach first when they dial it. It
/// joins the node to the cluster, and again whenever the link is lost.
using membership_actor = caf::typed_actor<
    // Protocol, version of troupe, and the asker's name, which is "" for a
    // client. Replies whether they suit each other, the reason if not, and host
    // and port of the coordinator: "" and 0 when it is on this very node. Only
    // plain types, so that all versions of troupe understand each other here.
    caf::replies_to<atom::hello, uint32_t, std::string, std::string>::with<
        bool, std::string, std::string, uint16_t>,
    // Replies the coordinator of this node; not_coordinator elsewhere.
    caf::replies_to<atom::lead>::with<coordinator_actor>,
    // From the coordinator: these rows of the table changed.
    caf::reacts_to<atom::members, std::vector<member>>,
    // From this node's supervisor: its worker, at the start and after a
    // restart.
    caf::reacts_to<atom::enlist, placed_worker>,
    // From this node's supervisor: its coordinator.
    caf::reacts_to<atom::lead, coordinator_actor>,
    // From this node: what it can encode is known.
    caf::reacts_to<atom::describe, profile>,
    // Replies the table as this node knows it.
    caf::replies_to<atom::nodes>::with<std::vector<member>>,
    // Takes no new tasks, waits for what runs, then tells the cluster that the
    // node leaves; replies true then. What still runs after so many
    // milliseconds is handed back.
    caf::replies_to<atom::leave, uint64_t>::with<bool>,
    // INTERNAL: looks for the coordinator, or tells it the load.
    caf::reacts_to<atom::tick>>;

/// The SUPERVISOR of a node: keeps its actors running, restarts those that die,
/// and ends with an error when that doesn't help.
using supervisor_actor = caf::typed_actor<
    // INTERNAL: starts what waits for its restart; looks who is late to end.
    caf::reacts_to<atom::tick>>;

/// The DIALER: opens links to other nodes; one that hangs holds up no other.
using dialer_actor = caf::typed_actor<
    // Replies what the node at HOST:PORT has published, its MEMBERSHIP, or a
    // failure no_cluster that says why not.
    caf::replies_to<atom::dial, std::string,
                    uint16_t>::with<caf::strong_actor_ptr>>;

/// The FINDER: finds the coordinator from seeds.
using finder_actor = caf::typed_actor<
    // Asks all seeds; replies the coordinator that one of them leads to, or a
    // failure with the reason of every seed: no_cluster, protocol_mismatch.
    caf::replies_to<atom::find>::with<found_coordinator>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, placed_worker& x) {
  return f(x.node, x.worker, x.probe, x.slots, x.threads);
}

} // namespace troupe

// These never leave their process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::journal_change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<const troupe::journal_image>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<const troupe::remembered_job>)
