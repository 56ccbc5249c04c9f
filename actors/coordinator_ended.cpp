#include <spdlog/spdlog.h>

#include "actors/coordinator_steps.hpp"
#include "messages/types.hpp"

/// Jobs that have ended, and what can still become of them.
namespace troupe::coordinator_steps {

namespace {

using remembered_ptr = std::shared_ptr<const remembered_job>;
using id_promise = caf::typed_response_promise<job_id>;

/// A reset record: nothing of what went wrong counts any more.
job_record fresh_record(const job_id& id) {
  job_record result;
  result.id = id;
  return result;
}

failure changes_already(const job_id& id) {
  return {ec::conflict, to_string(id),
          "it is being deleted or tried again already", ""};
}

/// The job as it begins anew, written down as such: its input is read again,
/// and no attempt of it runs. Attempts go on being numbered where they ended.
journal_change begin_anew(remembered_job& job, uint64_t now_ms) {
  const auto& id = job.job.id;
  journal_change result;
  job.record = fresh_record(id);
  result.jobs.push_back(job.record);
  job.plan.reset();
  result.plans.push_back({id, {}});
  for (auto& x : job.attempts)
    if (x.end == attempt_end::none) {
      // Its end was never heard; one that was let publish may have done so.
      x.end = attempt_end::lost;
      x.code = ec::worker_lost;
      x.ended_ms = now_ms;
      result.attempts.push_back(x);
    }
  result.log.push_back({id, now_ms, "to be tried again"});
  return result;
}

/// Writes a change of an ended job, then goes on with `next` and answers.
void change_ended(coordinator_pointer self, const job_id& id,
                  journal_change change, id_promise promise,
                  std::function<void()> next) {
  self->request(self->state.config.journal, caf::infinite, atom::append_v,
                std::move(change))
      .then(
          [=](bool) mutable {
            self->state.changing.erase(id);
            next();
            promise.deliver(id);
          },
          [=](caf::error& error) mutable {
            self->state.changing.erase(id);
            promise.deliver(std::move(error));
          });
}

/// True for one that may be changed now, by one at a time.
std::optional<failure> begin_change(coordinator_state& state, const job_id& id,
                                    const char* advice) {
  if (state.jobs.contains(id))
    return failure{ec::conflict, to_string(id), "the job has not ended",
                   advice};
  if (!state.changing.insert(id).second)
    return changes_already(id);
  return std::nullopt;
}

} // namespace

caf::result<job_id> refuse_ended(coordinator_pointer self, const job_id& id) {
  auto promise = self->make_response_promise<job_id>();
  self->request(self->state.config.journal, caf::infinite, atom::get_v, id)
      .then(
          [=](const job_report& last) mutable {
            promise.deliver(
                to_caf({ec::conflict, to_string(id),
                        "the job is " + std::string{to_string(last.state)}
                            + " already",
                        ""}));
          },
          [=](caf::error& error) mutable {
            promise.deliver(std::move(error));
          });
  return promise;
}

caf::result<job_id> retry(coordinator_pointer self, const job_id& id) {
  if (auto no = begin_change(self->state, id, "cancel it first, or wait"))
    return to_caf(*no);
  auto promise = self->make_response_promise<job_id>();
  auto refuse = [=](caf::error error) mutable {
    self->state.changing.erase(id);
    promise.deliver(std::move(error));
  };
  self->request(self->state.config.journal, caf::infinite, atom::retry_v, id)
      .then(
          [=](const remembered_ptr& from) mutable {
            if (from->record.state == job_state::completed)
              return refuse(
                  to_caf({ec::conflict, to_string(id),
                          "the job is completed already", "submit it again"}));
            auto job = *from;
            auto change = begin_anew(job, self->state.config.wall_ms());
            change_ended(self, id, std::move(change), promise,
                         [=] { spawn_job(self, job); });
          },
          [=](caf::error& error) mutable { refuse(std::move(error)); });
  return promise;
}

caf::result<job_id> forget(coordinator_pointer self, const job_id& id) {
  if (auto no = begin_change(self->state, id, "cancel it first"))
    return to_caf(*no);
  auto promise = self->make_response_promise<job_id>();
  self->request(self->state.config.journal, caf::infinite, atom::get_v, id)
      .then(
          [=](const job_report&) {
            journal_change change;
            change.forgotten.push_back(id);
            change_ended(self, id, std::move(change), promise, [] {});
          },
          [=](caf::error& error) mutable {
            self->state.changing.erase(id);
            promise.deliver(std::move(error));
          });
  return promise;
}

void job_lost(coordinator_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  auto found = state.jobs_by_actor.find(down.source);
  if (found == state.jobs_by_actor.end())
    return;
  auto id = found->second;
  spdlog::error("coordinator: the actor of job {} ended: {}", to_string(id),
                to_string(down.reason));
  auto record = fresh_record(id);
  record.state = job_state::failed;
  record.finished_ms = state.config.wall_ms();
  record.error = {ec::internal, to_string(id),
                  "the job's actor ended: " + to_string(down.reason),
                  "please report this"};
  journal_change change;
  change.jobs.push_back(record);
  state.jobs_by_actor.erase(found);
  self->request(state.config.journal, caf::infinite, atom::append_v,
                std::move(change))
      .then(
          [=](bool) {
            // Not before that is durable: where it was the journal that took
            // the JOB with it, its attempts wait for the next reign.
            auto& now = self->state;
            for (const auto& [name, link] : now.links)
              if (link.place.worker)
                self->send(link.place.worker, atom::release_v, id, now.epoch);
            now.nodes.vacate(id);
            now.queue.remove(id);
            now.restored.erase(id);
            now.jobs.erase(id);
            place_soon(self);
          },
          [=](const caf::error& error) { self->quit(error); });
}

} // namespace troupe::coordinator_steps
