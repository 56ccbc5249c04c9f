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
  if (state.jobs.size() + state.admitting >= state.config.max_jobs)
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
  return {
      coordinator_actor{self}, state.config.journal, state.epoch,
      state.config.retries,    state.config.wall_ms, state.config.rooted_paths};
}

/// Why a node gets no tasks.
std::string idle_word(const node_entry& node) {
  if (node.row.quarantined)
    return "in quarantine";
  if (node.row.state != member_state::up)
    return std::string{to_string(node.row.state)};
  return "no worker";
}

/// Why a job waits is the coordinator's to say.
std::string waiting_reason(const coordinator_state& state,
                           const job_report& report) {
  if (report.state == job_state::paused || is_final(report.state))
    return "";
  for (uint32_t i = 0; i < std::max<size_t>(report.tasks.size(), 1); ++i)
    if (const auto* needs = state.queue.needs_of(report.id, i))
      return why_waiting(*needs, state.nodes);
  return report.waiting;
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
  from.record.id = id;
  state.queue.remove(id);
  return &spawn_job(self, from);
}

void enqueue(coordinator_pointer self, submitted_job job) {
  auto& state = self->state;
  auto needs =
      needs_of(job.request.spec, std::nullopt, 0, state.config.rooted_paths);
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
  ++self->state.admitting;
  self->request(self->state.config.journal, caf::infinite, atom::submit_v, *job)
      .then(
          [=](const job_id& id) mutable {
            --self->state.admitting;
            // Another id is that of the job which came first with this key.
            if (id == job->id)
              enqueue(self, std::move(*job));
            promise.deliver(id);
            place_soon(self);
          },
          [=](caf::error& error) mutable {
            --self->state.admitting;
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

caf::result<job_id> migrate(coordinator_pointer self, const job_id& id,
                            const std::string& node) {
  auto& state = self->state;
  if (!state.jobs.contains(id))
    return refuse_ended(self, id);
  auto index = state.nodes.find(node);
  if (!index || !state.links.contains(node))
    return to_caf(
        {ec::not_found, node, "there is no such node", "see `troupe nodes`"});
  const auto& entry = state.nodes.entries()[*index];
  if (!takes_tasks(entry) || entry.row.card.slots == 0)
    return to_caf({ec::conflict, node,
                   "takes no tasks: it is " + idle_word(entry),
                   "see `troupe nodes`"});
  auto* job = wake(self, id);
  return self->delegate(job->actor, atom::migrate_v, node);
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
  auto held = state.nodes.held_by(id);
  for (auto index : held) {
    const auto& node = state.nodes.entries()[index];
    if (!takes_tasks(node) || !misfit(needs, node).empty())
      continue;
    state.queue.remove(id, needs.task);
    self->send(found->second.active->actor, atom::place_v, needs.task,
               state.links.at(node.row.card.key.name).place);
    return;
  }
  // A slot that it kept is of no use to it.
  for (auto index : held) {
    const auto& key = state.nodes.entries()[index].row.card.key;
    self->send(found->second.active->actor, atom::reign_v,
               state.links.at(key.name).place);
    state.nodes.vacate(key, id);
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
  self->demonitor(actor->address());
  self->send(actor, atom::release_v);
  state.jobs_by_actor.erase(actor->address());
  state.nodes.vacate(last.id);
  state.queue.remove(last.id);
  state.restored.erase(last.id);
  state.jobs.erase(found);
  place_soon(self);
}

} // namespace troupe::coordinator_steps
