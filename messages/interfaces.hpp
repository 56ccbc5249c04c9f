#pragma once

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "messages/atoms.hpp"
#include "messages/job.hpp"
#include "messages/profile.hpp"
#include "messages/task.hpp"

/// The protocol: every typed actor of troupe, one comment per message that says
/// what the sender gets. An error travels as a `failure` inside a caf::error
/// (messages/types.hpp).
namespace troupe {

struct placed_worker;

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
  // Tries every encoder of our table, up to 4K and with the clock running;
  // replies the whole profile.
  caf::replies_to<atom::describe>::with<profile>,
  // INTERNAL: a session said something, or ended.
  caf::reacts_to<atom::event>,
  // INTERNAL: looks which sessions are late.
  caf::reacts_to<atom::tick>>;

/// The JOB: one per job. Turns it into tasks and sees them through.
using job_actor = caf::typed_actor<
  // The coordinator placed the task with this index on a worker's slot; the
  // node's name is for people. The JOB sends the attempt there.
  caf::reacts_to<atom::place, uint32_t, placed_worker>,
  // A worker tells how an attempt stands.
  caf::reacts_to<atom::progress, task_progress>,
  // A worker asks whether this attempt may publish; replies true to exactly
  // one attempt of a task, false to every other.
  caf::replies_to<atom::publish, attempt_id>::with<bool>,
  // A worker finished an attempt.
  caf::reacts_to<atom::done, task_result>,
  // A worker gave an attempt up.
  caf::reacts_to<atom::failed, attempt_id, failure>,
  // Replies how the job stands.
  caf::replies_to<atom::get>::with<job_report>,
  // The observer is told of every change from now on, and how it stands now.
  caf::reacts_to<atom::watch, observer_actor>,
  // Ends the job as cancelled, unless it ended already.
  caf::reacts_to<atom::cancel>,
  // The coordinator has the last report; the JOB can go.
  caf::reacts_to<atom::release>,
  // INTERNAL: the job's time limit has passed, or that of a worker that was
  // told to abandon a task.
  caf::reacts_to<atom::expire>>;

/// The WORKER: slots of one machine; one ENCODER per running task.
using worker_actor = caf::typed_actor<
  // Runs the task; progress, done or failed go to the JOB. Refused with a
  // failure when no slot is free.
  caf::replies_to<atom::run, task_spec, job_actor>::with<attempt_id>,
  // Abandons the attempt. The JOB hears `failed` with code cancelled when
  // nothing of it is left.
  caf::reacts_to<atom::cancel, attempt_id>,
  // The job ended: whatever is kept for it can go.
  caf::reacts_to<atom::release, job_id>,
  // An ENCODER is through with its job after this attempt, and its session is
  // gone: the slot is free.
  caf::reacts_to<atom::ended, attempt_id>>;

/// A worker as the coordinator and the jobs know it.
struct placed_worker {
  std::string node; ///< the node's configured name
  worker_actor worker;
  capability_probe_actor probe;
  uint32_t slots = 1;
  uint32_t threads = 1; ///< that one session's encoder may use
};

/// The ENCODER: supervises one session and the tasks of one job in it, one
/// after the other. It ends with the job's last task or its first failure.
using encoder_actor = caf::typed_actor<
  // Runs the task in this encoder's session. Progress, then done or failed go
  // to the JOB.
  caf::reacts_to<atom::run, task_spec, job_actor>,
  // Kills the session and leaves nothing behind; then the JOB hears `failed`.
  caf::reacts_to<atom::cancel, attempt_id>,
  // INTERNAL: looks whether the session moved.
  caf::reacts_to<atom::tick>,
  // INTERNAL: the session said something, or ended. The events wait in the
  // encoder's inbox.
  caf::reacts_to<atom::event>>;

/// The COORDINATOR: admits jobs, spawns a JOB for each, places ready tasks.
using coordinator_actor = caf::typed_actor<
  // Admits a job; replies its id. A job that cannot be done with any input is
  // refused with the failure.
  caf::replies_to<atom::submit, job_spec>::with<job_id>,
  // Replies how a job stands.
  caf::replies_to<atom::get, job_id>::with<job_report>,
  // The observer is told how the job goes, from now to its end.
  caf::reacts_to<atom::watch, job_id, observer_actor>,
  // Cancels a job; replies its id, or not_found.
  caf::replies_to<atom::cancel, job_id>::with<job_id>,
  // A worker offers its slots.
  caf::reacts_to<atom::enlist, placed_worker>,
  // A JOB has a task with this index ready to be placed, at this priority. A
  // job keeps its slot from one task to the next, and with it a warm session.
  caf::reacts_to<atom::ready, job_id, uint32_t, uint32_t>,
  // A JOB reached a final state; this is its last report. Its slot is free.
  caf::reacts_to<atom::ended, job_report>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, placed_worker& x) {
  return f(x.node, x.worker, x.probe, x.slots, x.threads);
}

} // namespace troupe
