#pragma once

#include <functional>

#include "actors/job.hpp"

/// What the parts of the JOB do for each other; nobody else includes this.
namespace troupe::job_steps {

using job_pointer = job_actor::stateful_pointer<job_actor_state>;

/// Unix milliseconds.
uint64_t now_ms(job_pointer self);

/// Writes what was decided, then goes on with `next`. Calls go on in their
/// order.
void commit(job_pointer self, std::function<void()> next);

/// The job's time limit runs from its first start on, over reigns.
void start_clock(job_pointer self);

/// Observers and the coordinator hear how the job stands.
void tell(job_pointer self);

/// Looks for a slot for the task that comes next, unless the user wants
/// otherwise.
void want_next(job_pointer self);

/// Does what the ruling on a failed attempt says.
void follow(job_pointer self, uint32_t task, const retry_ruling& ruling,
            const std::string& node);

/// Ends the job badly, once nothing of what runs is left.
void end_with(job_pointer self, failure error);

/// Ends the job with the wish for it, if nothing runs any more.
void end_if_idle(job_pointer self);

/// The machine has the final state: writes it down, then everybody hears.
void conclude(job_pointer self);

/// Tells a worker to abandon an attempt; its end moves nothing any more.
void abandon(job_pointer self, const attempt_id& attempt);

/// Abandons every attempt of the task but this one.
void abandon_others(job_pointer self, const attempt_id& winner);

/// Abandons those that race and are clearly behind.
void judge_race(job_pointer self, uint32_t task);

/// A probe runs from now on: finds out which encoder its machine has.
void begin_probe(job_pointer self, const attempt_id& attempt);

/// Makes the plan when both that it needs are there. The probe counts as done
/// with its plan, and as failed without.
void plan(job_pointer self, const attempt_id& attempt);

/// Why a request to something on a node wasn't answered. It is the node's fault
/// when that is there.
failure no_answer(const caf::error& error, const std::string& node);

/// Has a worker forget the job, unless something of it runs there.
/// @returns whether it was told to
bool release(job_pointer self, const placed_worker& where);

/// The same, and gives the slot back.
void drop_slot(job_pointer self, const placed_worker& where);

// What the messages of the same names bring about.
void placed(job_pointer self, uint32_t task, const placed_worker& where);
void progressed(job_pointer self, const task_progress& figures);
caf::result<publish_grant> publish(job_pointer self, const attempt_id& attempt);
void done(job_pointer self, const task_result& result);
void failed(job_pointer self, const attempt_id& attempt, const failure& error);
void lost(job_pointer self, const node_key& node);
void returned(job_pointer self, const held_attempt& held,
              const placed_worker& where);
void settled(job_pointer self, const placed_worker& where);
void adoption_over(job_pointer self);

} // namespace troupe::job_steps
