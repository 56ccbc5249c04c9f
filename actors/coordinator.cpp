#include "actors/coordinator.hpp"

#include <algorithm>
#include <filesystem>

#include <caf/result.hpp>

#include <spdlog/spdlog.h>

#include "actors/job.hpp"
#include "actors/wall_clock.hpp"
#include "encode/validate.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

using coordinator_pointer =
    coordinator_actor::stateful_pointer<coordinator_state>;

/// Jobs that have not ended; a fuller company refuses more.
constexpr size_t max_jobs = 10'000;
/// Last reports that are kept for whoever asks later.
constexpr size_t max_ended = 1'000;

failure no_such_job(const job_id& id) {
  return {ec::not_found, to_string(id), "there is no such job",
          "it may have ended long ago"};
}

/// A job as it is told of when it never was, or its JOB can't tell any more.
job_report failed_report(job_report report, failure error) {
  report.state = job_state::failed;
  report.error = std::move(error);
  report.finished_ms = unix_ms();
  return report;
}

std::vector<worker_load> loads(const coordinator_state& state) {
  std::vector<worker_load> result;
  for (const auto& x : state.workers)
    result.push_back({x.place.node, x.present, x.place.slots, x.used});
  return result;
}

void give_slot(coordinator_pointer self, const ready_task& task,
               size_t worker) {
  auto& job = self->state.jobs.at(task.job);
  if (job.worker != worker) {
    job.worker = worker;
    ++self->state.workers[worker].used;
  }
  self->send(job.actor, atom::place_v, task.task,
             self->state.workers[worker].place);
}

/// Places as many waiting tasks as fit.
void dispatch(coordinator_pointer self) {
  auto& ready = self->state.ready;
  while (auto task = ready.front()) {
    auto placed = place(loads(self->state));
    if (!placed.worker) {
      for (const auto& refusal : placed.refusals)
        spdlog::debug("task {} of job {} waits: {}", task->task,
                      to_string(task->job), refusal);
      return;
    }
    give_slot(self, *task, *placed.worker);
    ready.pop();
  }
}

void free_slot(coordinator_state& state, const admitted_job& job) {
  if (job.worker)
    --state.workers[*job.worker].used;
}

caf::result<job_id> submit(coordinator_pointer self, job_spec spec) {
  auto& state = self->state;
  if (auto valid = validate(spec); !valid)
    return to_caf(valid.error());
  if (state.jobs.size() >= max_jobs)
    return to_caf({ec::internal, spec.input, "too many jobs wait already",
                   "submit it later"});
  if (spec.name.empty())
    spec.name = std::filesystem::path{spec.input}.filename().string();
  job_report first;
  first.id = make_job_id();
  first.priority = effective_priority(spec);
  first.created_ms = unix_ms();
  first.spec = std::move(spec);
  auto actor = self->spawn<caf::monitored>(job, coordinator_actor{self}, first);
  auto id = first.id;
  state.jobs.emplace(id, admitted_job{std::move(actor), std::move(first), {}});
  return id;
}

void ready(coordinator_pointer self, const ready_task& task) {
  auto& state = self->state;
  auto found = state.jobs.find(task.job);
  if (found == state.jobs.end())
    return;
  auto held = found->second.worker;
  if (held && state.workers[*held].present)
    return give_slot(self, task, *held);
  state.ready.push(task);
  dispatch(self);
}

/// Keeps the last report of a job and forgets everything else of it.
void file_away(coordinator_pointer self, job_report last) {
  auto& state = self->state;
  auto found = state.jobs.find(last.id);
  if (found == state.jobs.end())
    return;
  spdlog::info("job {} ({}): {}{}{}", to_string(last.id), last.spec.name,
               to_string(last.state), last.error.code == ec::none ? "" : ", ",
               last.error.code == ec::none ? "" : to_string(last.error));
  free_slot(state, found->second);
  state.ready.remove(last.id);
  state.jobs.erase(found);
  auto id = last.id;
  state.ended.insert_or_assign(id, std::move(last));
  // Ids sort by time: the first is the oldest.
  if (state.ended.size() > max_ended)
    state.ended.erase(state.ended.begin());
  dispatch(self);
}

void ended(coordinator_pointer self, const job_report& last) {
  auto found = self->state.jobs.find(last.id);
  if (found == self->state.jobs.end())
    return;
  // Whoever was sent to the JOB before is answered there; from now on we do.
  self->send(found->second.actor, atom::release_v);
  file_away(self, last);
}

void enlist(coordinator_pointer self, const placed_worker& offered) {
  auto& workers = self->state.workers;
  auto known = std::any_of(workers.begin(), workers.end(), [&](const auto& x) {
    return x.present && x.place.worker == offered.worker;
  });
  if (known)
    return;
  self->monitor(offered.worker);
  workers.push_back({offered});
  dispatch(self);
}

void watch(coordinator_pointer self, const job_id& id,
           const observer_actor& observer) {
  auto& state = self->state;
  if (auto found = state.jobs.find(id); found != state.jobs.end()) {
    self->send(found->second.actor, atom::watch_v, observer);
    return;
  }
  job_report last;
  last.id = id;
  if (auto found = state.ended.find(id); found != state.ended.end())
    last = found->second;
  else
    last = failed_report(std::move(last), no_such_job(id));
  self->send(observer, atom::update_v, last);
}

caf::result<job_report> report(coordinator_pointer self, const job_id& id) {
  auto& state = self->state;
  if (auto found = state.jobs.find(id); found != state.jobs.end())
    return self->delegate(found->second.actor, atom::get_v);
  if (auto found = state.ended.find(id); found != state.ended.end())
    return found->second;
  return to_caf(no_such_job(id));
}

caf::result<job_id> cancel(coordinator_pointer self, const job_id& id) {
  auto& state = self->state;
  if (auto found = state.jobs.find(id); found != state.jobs.end())
    self->send(found->second.actor, atom::cancel_v);
  else if (!state.ended.contains(id))
    return to_caf(no_such_job(id));
  return id;
}

void lost(coordinator_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  for (auto& x : state.workers)
    if (x.place.worker == down.source)
      x.present = false;
  auto found =
      std::find_if(state.jobs.begin(), state.jobs.end(), [&](const auto& x) {
        return x.second.actor == down.source;
      });
  if (found == state.jobs.end())
    return;
  failure error{ec::internal, found->second.first.spec.input,
                "the job's actor ended: " + to_string(down.reason),
                "please report this"};
  file_away(self, failed_report(found->second.first, std::move(error)));
}

} // namespace

coordinator_actor::behavior_type coordinator(coordinator_pointer self) {
  self->set_down_handler([=](const caf::down_msg& down) { lost(self, down); });
  return {
      [=](atom::submit, const job_spec& spec) { return submit(self, spec); },
      [=](atom::get, const job_id& id) { return report(self, id); },
      [=](atom::watch, const job_id& id, const observer_actor& observer) {
        watch(self, id, observer);
      },
      [=](atom::cancel, const job_id& id) { return cancel(self, id); },
      [=](atom::enlist, const placed_worker& offered) {
        enlist(self, offered);
      },
      [=](atom::ready, const job_id& id, uint32_t task, uint32_t priority) {
        ready(self, {id, task, priority});
      },
      [=](atom::ended, const job_report& last) { ended(self, last); },
  };
}

} // namespace troupe
