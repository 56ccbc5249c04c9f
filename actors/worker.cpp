#include "actors/worker.hpp"

#include <algorithm>

#include <caf/result.hpp>

#include "messages/types.hpp"

namespace troupe {

namespace {

using worker_pointer = worker_actor::stateful_pointer<worker_state>;

caf::result<attempt_id> run(worker_pointer self, const task_spec& task,
                            const job_actor& job) {
  auto& state = self->state;
  auto found = state.slots.find(task.id.job);
  if (found == state.slots.end()) {
    if (state.slots.size() >= state.config.slots)
      return to_caf({ec::internal, to_string(task.id),
                     "was placed on a worker without a free slot",
                     "please report this"});
    auto encoder = state.config.spawn_encoder(worker_actor{self});
    self->monitor(encoder);
    self->monitor(job);
    found =
        state.slots
            .emplace(task.id.job, occupied_slot{std::move(encoder), job, {}})
            .first;
  }
  found->second.attempt = task.id;
  self->send(found->second.encoder, atom::run_v, task, job);
  return task.id;
}

/// Ends the job's encoder; whatever it held goes with it.
void release(worker_pointer self, const job_id& job) {
  auto& slots = self->state.slots;
  auto found = slots.find(job);
  if (found == slots.end())
    return;
  self->send_exit(found->second.encoder, caf::exit_reason::user_shutdown);
  slots.erase(found);
}

void lost(worker_pointer self, const caf::down_msg& down) {
  auto& slots = self->state.slots;
  auto found = std::find_if(slots.begin(), slots.end(), [&](const auto& x) {
    return x.second.encoder == down.source || x.second.job == down.source;
  });
  if (found == slots.end())
    return;
  auto& slot = found->second;
  if (slot.job == down.source)
    return release(self, found->first);
  failure error{ec::internal, to_string(slot.attempt),
                "its encoder ended: " + to_string(down.reason),
                "please report this"};
  self->send(slot.job, atom::failed_v, slot.attempt, error);
  slots.erase(found);
}

} // namespace

worker_actor::behavior_type worker(worker_pointer self, worker_config config) {
  self->state.config = std::move(config);
  self->set_down_handler([=](const caf::down_msg& down) { lost(self, down); });
  return {
      [=](atom::run, const task_spec& task, const job_actor& job) {
        return run(self, task, job);
      },
      [=](atom::cancel, const attempt_id& attempt) {
        auto& slots = self->state.slots;
        // An attempt that isn't there any more has told its JOB how it ended.
        if (auto found = slots.find(attempt.job); found != slots.end())
          self->send(found->second.encoder, atom::cancel_v, attempt);
      },
      [=](atom::release, const job_id& job) { release(self, job); },
      [=](atom::ended, const attempt_id& attempt) {
        self->state.slots.erase(attempt.job);
      },
  };
}

} // namespace troupe
