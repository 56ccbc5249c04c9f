#include <filesystem>

#include <spdlog/spdlog.h>

#include "actors/coordinator_steps.hpp"
#include "actors/job.hpp"
#include "actors/job_tasks.hpp"
#include "actors/placement.hpp"
#include "encode/validate.hpp"
#include "messages/rooted_path.hpp"
#include "messages/types.hpp"

namespace troupe::coordinator_steps {

namespace {

using remembered_ptr = std::shared_ptr<const remembered_job>;

/// Checks everything about a request that can be known without its input, and
/// fills in what its user left to us.
outcome<submitted_job> admit(coordinator_state& state, job_request request) {
  constexpr size_t max_key = 200;
  auto& spec = request.spec;
  if (auto valid = validate(spec); !valid)
    return valid.error();
  if (request.key.size() > max_key)
    return failure{ec::usage, "key", "is longer than 200 bytes", ""};
  if (state.config.rooted_paths) {
    if (auto rooted = parse_rooted_path(spec.input); !rooted)
      return rooted.error();
    for (const auto& path : output_paths(spec))
      if (auto rooted = parse_rooted_path(path); !rooted)
        return rooted.error();
  }
  if (state.jobs.size() >= state.config.max_jobs)
    return failure{ec::overloaded, spec.input, "too many jobs wait already",
                   "submit it later"};
  if (spec.name.empty())
    spec.name = std::filesystem::path{spec.input}.filename().string();
  state.config.times.apply(spec);
  submitted_job result;
  result.created_ms = state.config.wall_ms();
  result.id = state.ids->next(result.created_ms);
  result.priority = effective_priority(spec);
  result.request = std::move(request);
  return result;
}

job_config shared_config(coordinator_pointer self) {
  const auto& state = self->state;
  return {coordinator_actor{self}, state.config.journal, state.epoch,
          state.config.retries, state.config.wall_ms};
}

/// A reset record: nothing of what went wrong counts any more. Attempts go on
/// being numbered where they ended.
job_record fresh_record(const job_id& id) {
  job_record result;
  result.id = id;
  return result;
}

/// Why a job waits is the coordinator's to say.
std::string waiting_reason(const coordinator_state& state,
                           const job_report& report) {
  if (report.state == job_state::paused || is_final(report.state))
    return "";
  for (uint32_t i = 0; i < std::max<size_t>(report.tasks.size(), 1); ++i)
    if (const auto* needs = state.queue.needs_of(report.id, i))
      return why_waiting(*needs, state.nodes);
  return "";
}

} // namespace

active_job& spawn_job(coordinator_pointer self, const remembered_job& from) {
  auto& state = self->state;
  auto actor = self->spawn<caf::monitored>(job, shared_config(self), from);
  auto& entry = state.jobs[from.job.id];
  entry.queued.reset();
  auto summary = summarize(queued_report(from.job));
  summary.state = from.record.state;
  entry.active = std::make_unique<active_job>(active_job{actor, summary});
  state.jobs_by_actor.emplace(actor->address(), from.job.id);
  return *entry.active;
}

active_job* wake(coordinator_pointer self, const job_id& id) {
  auto& state = self->state;
  auto found = state.jobs.find(id);
  if (found == state.jobs.end())
    return nullptr;
  if (found->second.active)
    return found->second.active.get();
  remembered_job from;
  from.job = std::move(*found->second.queued);
  from.record = fresh_record(id);
  state.queue.remove(id);
  return &spawn_job(self, from);
}

void enqueue(coordinator_pointer self, submitted_job job) {
  auto& state = self->state;
  auto needs = needs_of(job.request.spec, std::nullopt, 0);
  needs.priority = job.priority;
  state.queue.push(job.id, needs);
  auto id = job.id;
  state.jobs[id].queued = std::make_unique<submitted_job>(std::move(job));
}

caf::result<job_id> submit(coordinator_pointer self,
                           const job_request& request) {
  auto admitted = admit(self->state, request);
  if (!admitted)
    return to_caf(admitted.error());
  auto promise = self->make_response_promise<job_id>();
  auto job = std::make_shared<submitted_job>(std::move(*admitted));
  self->request(self->state.config.journal, caf::infinite, atom::submit_v, *job)
      .then(
          [=](const job_id& id) mutable {
            // Another id is that of the job which came first with this key.
            if (id == job->id)
              enqueue(self, std::move(*job));
            promise.deliver(id);
            place_soon(self);
          },
          [=](caf::error& error) mutable {
            promise.deliver(std::move(error));
          });
  return promise;
}

caf::result<job_report> report(coordinator_pointer self, const job_id& id) {
  auto& state = self->state;
  auto found = state.jobs.find(id);
  if (found == state.jobs.end())
    return self->delegate(state.config.journal, atom::get_v, id);
  if (!found->second.active) {
    auto result = queued_report(*found->second.queued);
    result.waiting = waiting_reason(state, result);
    return result;
  }
  auto promise = self->make_response_promise<job_report>();
  self->request(found->second.active->actor, caf::infinite, atom::get_v)
      .then(
          [=](job_report& result) mutable {
            result.waiting = waiting_reason(self->state, result);
            promise.deliver(std::move(result));
          },
          [=](caf::error& error) mutable {
            promise.deliver(std::move(error));
          });
  return promise;
}

void watch(coordinator_pointer self, const job_id& id,
           const observer_actor& observer) {
  if (auto* job = wake(self, id)) {
    self->send(job->actor, atom::watch_v, observer);
    return;
  }
  self->request(self->state.config.journal, caf::infinite, atom::get_v, id)
      .then(
          [=](const job_report& last) {
            self->send(observer, atom::update_v, last);
          },
          [=](const caf::error& error) {
            job_report last;
            last.id = id;
            last.state = job_state::failed;
            last.error = from_caf(error);
            self->send(observer, atom::update_v, last);
          });
}

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
  if (self->state.jobs.contains(id))
    return to_caf({ec::conflict, to_string(id), "the job has not ended",
                   "cancel it first, or wait"});
  auto promise = self->make_response_promise<job_id>();
  auto fail = [=](caf::error& error) mutable {
    promise.deliver(std::move(error));
  };
  auto journal = self->state.config.journal;
  auto queue_again = [=](remembered_job from) mutable {
    from.record = fresh_record(id);
    journal_change change;
    change.jobs.push_back(from.record);
    change.log.push_back(
        {id, self->state.config.wall_ms(), "to be tried again"});
    self->request(journal, caf::infinite, atom::append_v, std::move(change))
        .then(
            [=](bool) mutable {
              // Two that retry at once are one.
              if (!self->state.jobs.contains(id))
                spawn_job(self, from);
              promise.deliver(id);
            },
            fail);
  };
  self->request(journal, caf::infinite, atom::retry_v, id)
      .then(
          [=](const remembered_ptr& from) mutable {
            if (from->record.state != job_state::completed)
              return queue_again(*from);
            promise.deliver(
                to_caf({ec::conflict, to_string(id),
                        "the job is completed already", "submit it again"}));
          },
          fail);
  return promise;
}

caf::result<job_id> migrate(coordinator_pointer self, const job_id& id,
                            const std::string& node) {
  auto& state = self->state;
  auto index = state.nodes.find(node);
  if (!index || !state.links.contains(node))
    return to_caf(
        {ec::not_found, node, "there is no such node", "see `troupe nodes`"});
  auto* job = wake(self, id);
  if (job == nullptr)
    return refuse_ended(self, id);
  const auto& entry = state.nodes.entries()[*index];
  if (entry.row.card.slots == 0)
    return to_caf(
        {ec::conflict, node, "is no worker", "see `troupe nodes`"});
  if (!takes_tasks(entry))
    return to_caf({ec::conflict, node,
                   "takes no tasks: it is "
                       + (entry.row.quarantined
                              ? std::string{"in quarantine"}
                              : std::string{to_string(entry.row.state)}),
                   "see `troupe undrain`"});
  return self->delegate(job->actor, atom::migrate_v, node);
}

caf::result<job_id> forget(coordinator_pointer self, const job_id& id) {
  if (self->state.jobs.contains(id))
    return to_caf({ec::conflict, to_string(id), "the job has not ended",
                   "cancel it first"});
  auto promise = self->make_response_promise<job_id>();
  auto journal = self->state.config.journal;
  auto fail = [=](caf::error& error) mutable {
    promise.deliver(std::move(error));
  };
  auto erase = [=]() mutable {
    journal_change change;
    change.forgotten.push_back(id);
    self->request(journal, caf::infinite, atom::append_v, std::move(change))
        .then([=](bool) mutable { promise.deliver(id); }, fail);
  };
  self->request(journal, caf::infinite, atom::get_v, id)
      .then([=](const job_report&) mutable { erase(); }, fail);
  return promise;
}

caf::result<std::vector<job_summary>> list(coordinator_pointer self,
                                           const job_query& query) {
  constexpr uint32_t max_rows = 1000;
  auto& state = self->state;
  if (query.limit == 0 || query.limit > max_rows)
    return to_caf({ec::usage, "limit", std::to_string(query.limit),
                   "allowed is 1 to 1000"});
  if (query.ended)
    return self->delegate(state.config.journal, atom::list_v, query);
  std::vector<job_summary> result;
  for (auto at = state.jobs.upper_bound(query.after);
       at != state.jobs.end() && result.size() < query.limit; ++at)
    result.push_back(at->second.active
                         ? at->second.active->summary
                         : summarize(queued_report(*at->second.queued)));
  return result;
}

void ready(coordinator_pointer self, const job_id& id,
           const task_needs& needs) {
  auto& state = self->state;
  auto found = state.jobs.find(id);
  if (found == state.jobs.end() || !found->second.active)
    return;
  for (auto index : state.nodes.held_by(id)) {
    const auto& node = state.nodes.entries()[index];
    if (!takes_tasks(node) || !misfit(needs, node).empty())
      continue;
    state.queue.remove(id, needs.task);
    self->send(found->second.active->actor, atom::place_v, needs.task,
               state.links.at(node.row.card.key.name).place);
    return;
  }
  state.queue.push(id, needs);
  place_soon(self);
}

void ended(coordinator_pointer self, const job_report& last) {
  auto& state = self->state;
  auto found = state.jobs.find(last.id);
  if (found == state.jobs.end() || !found->second.active)
    return;
  spdlog::info("job {} ({}): {}{}{}", to_string(last.id), last.spec.name,
               to_string(last.state), last.error.code == ec::none ? "" : ", ",
               last.error.code == ec::none ? "" : to_string(last.error));
  // Whoever was sent to the JOB before is answered there; from now on the
  // journal answers.
  auto actor = found->second.active->actor;
  self->send(actor, atom::release_v);
  state.jobs_by_actor.erase(actor->address());
  state.nodes.vacate(last.id);
  state.queue.remove(last.id);
  state.restored.erase(last.id);
  state.jobs.erase(found);
  place_soon(self);
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
  for (const auto& [name, link] : state.links)
    if (link.place.worker)
      self->send(link.place.worker, atom::release_v, id, state.epoch);
  state.jobs_by_actor.erase(found);
  self->request(state.config.journal, caf::infinite, atom::append_v,
                std::move(change))
      .then(
          [=](bool) {
            self->state.nodes.vacate(id);
            self->state.queue.remove(id);
            self->state.restored.erase(id);
            self->state.jobs.erase(id);
            place_soon(self);
          },
          [=](const caf::error& error) { self->quit(error); });
}

} // namespace troupe::coordinator_steps
