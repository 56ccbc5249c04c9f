#include <algorithm>

#include <spdlog/spdlog.h>

#include "actors/coordinator_steps.hpp"
#include "actors/job.hpp"
#include "messages/types.hpp"

namespace troupe::coordinator_steps {

namespace {

bool occupies_slot(attempt_stage stage) {
  return stage != attempt_stage::done && stage != attempt_stage::failed;
}

failure other_protocol(const join_request& request) {
  return {ec::protocol_mismatch, request.card.key.name,
          "speaks version " + std::to_string(request.protocol)
              + " of the protocol instead of "
              + std::to_string(protocol_version),
          "install the same version of troupe on all machines"};
}

/// JOBs that have, or had in an earlier reign, something on this run of a node.
std::set<job_id> concerned(const coordinator_state& state,
                           const node_key& node) {
  std::set<job_id> result;
  if (auto index = state.nodes.find(node.name)) {
    const auto& entry = state.nodes.entries()[*index];
    if (entry.row.card.key == node)
      result = entry.guests;
  }
  if (state.awaited.contains(node))
    result.insert(state.restored.begin(), state.restored.end());
  return result;
}

template <class... Ts>
void tell_jobs(coordinator_pointer self, const std::set<job_id>& jobs,
               const Ts&... message) {
  for (const auto& id : jobs) {
    auto found = self->state.jobs.find(id);
    if (found != self->state.jobs.end() && found->second.active)
      self->send(found->second.active->actor, message...);
  }
}

/// All that aren't mere entries of the queue: one may have been told to go to
/// that node and have nothing there yet.
void tell_all_jobs(coordinator_pointer self, const node_key& lost) {
  for (const auto& [id, job] : self->state.jobs)
    if (job.active)
      self->send(job.active->actor, atom::lost_v, lost);
}

/// What was awaited of other runs of this node will not come back.
void give_up_former_runs(coordinator_pointer self, const node_key& now) {
  auto& state = self->state;
  std::vector<node_key> former;
  for (const auto& x : state.awaited)
    if (x.name == now.name && x != now)
      former.push_back(x);
  for (const auto& x : former) {
    tell_jobs(self, concerned(state, x), atom::lost_v, x);
    state.awaited.erase(x);
  }
}

/// The attempts that a worker holds go to their JOBs; what has none is let go.
void return_attempts(coordinator_pointer self, size_t index,
                     const join_request& request) {
  auto& state = self->state;
  const auto& where = request.place.front();
  for (const auto& held : request.held) {
    const auto& id = held.spec.id.job;
    auto* job = wake(self, id);
    if (job == nullptr) {
      self->send(where.worker, atom::release_v, id, state.epoch);
      continue;
    }
    if (occupies_slot(held.stage))
      state.nodes.hold(index, id);
    else
      state.nodes.visit(index, id);
    self->send(job->actor, atom::returned_v, held, where);
  }
}

/// A worker is here and was heard.
void settle(coordinator_pointer self, size_t index,
            const join_request& request) {
  auto& state = self->state;
  const auto& key = request.card.key;
  auto jobs = concerned(state, key);
  if (auto found = state.lost_with.find(key); found != state.lost_with.end()) {
    jobs.insert(found->second.begin(), found->second.end());
    state.lost_with.erase(found);
  }
  for (const auto& held : request.held)
    jobs.insert(held.spec.id.job);
  if (!request.place.empty()) {
    return_attempts(self, index, request);
    tell_jobs(self, jobs, atom::reign_v, request.place.front());
  }
  auto was_awaited = state.awaited.erase(key) > 0;
  if (was_awaited && state.awaited.empty())
    end_adoption(self);
}

/// Jobs that a node took away are told when it is back; a run that never comes
/// back must not be remembered for ever.
void remember_lost(coordinator_state& state, const node_key& node,
                   std::set<job_id> jobs) {
  constexpr size_t max_remembered = 1000;
  if (jobs.empty())
    return;
  std::erase_if(state.lost_with,
                [&](const auto& x) { return x.first.name == node.name; });
  if (state.lost_with.size() >= max_remembered)
    state.lost_with.erase(state.lost_with.begin());
  state.lost_with.emplace(node, std::move(jobs));
}

} // namespace

caf::result<welcome> join(coordinator_pointer self,
                          const join_request& request) {
  auto& state = self->state;
  const auto& key = request.card.key;
  if (request.protocol != protocol_version)
    return to_caf(other_protocol(request));
  if (request.place.size() > 1
      || (request.place.empty() != (request.card.slots == 0)))
    return to_caf({ec::usage, key.name, "has slots without a worker", ""});
  // Its link broke and was mended before we heard of it, or its worker is new.
  if (auto link = state.links.find(key.name);
      link != state.links.end() && link->second.key == key)
    node_lost(self, key);
  auto index = state.nodes.join(request.card, state.config.wall_ms());
  if (!index) {
    spdlog::warn("coordinator: refused {}: {}", key.name,
                 to_string(index.error()));
    return to_caf(index.error());
  }
  spdlog::info("coordinator: {} at {} joined with {} slots and {} attempts",
               key.name, request.card.address, request.card.slots,
               request.held.size());
  self->monitor(request.membership);
  node_link link{key, request.membership, {}};
  if (!request.place.empty()) {
    link.place = request.place.front();
    self->monitor(link.place.worker);
  }
  state.links.insert_or_assign(key.name, std::move(link));
  give_up_former_runs(self, key);
  settle(self, *index, request);
  place_soon(self);
  return welcome{state.epoch, rows(state)};
}

void node_lost(coordinator_pointer self, const node_key& node) {
  auto& state = self->state;
  auto jobs = concerned(state, node);
  auto link = state.links.find(node.name);
  if (link != state.links.end() && link->second.key == node) {
    self->demonitor(link->second.membership.address());
    if (link->second.place.worker)
      self->demonitor(link->second.place.worker.address());
    state.links.erase(link);
  }
  if (!state.nodes.lost(node, state.config.wall_ms()))
    return;
  // Without work there, it is no more than a node that goes.
  spdlog::log(jobs.empty() ? spdlog::level::info : spdlog::level::warn,
              "coordinator: {} is unreachable; {} jobs had a slot there",
              node.name, jobs.size());
  tell_all_jobs(self, node);
  remember_lost(state, node, std::move(jobs));
  place_soon(self);
}

void node_left(coordinator_pointer self, const node_key& node) {
  auto& state = self->state;
  auto link = state.links.find(node.name);
  if (link == state.links.end() || link->second.key != node)
    return;
  self->demonitor(link->second.membership.address());
  if (link->second.place.worker)
    self->demonitor(link->second.place.worker.address());
  state.links.erase(link);
  state.nodes.left(node, state.config.wall_ms());
  spdlog::info("coordinator: {} left", node.name);
  tell_all_jobs(self, node);
  place_soon(self);
}

caf::result<std::string> drain(coordinator_pointer self,
                               const std::string& name, bool drained) {
  auto& state = self->state;
  if (!state.nodes.find(name))
    return to_caf(
        {ec::not_found, name, "there is no such node", "see `troupe nodes`"});
  auto promise = self->make_response_promise<std::string>();
  journal_change change;
  change.nodes.push_back({name, drained});
  self->request(state.config.journal, caf::infinite, atom::append_v,
                std::move(change))
      .then(
          [=](bool) mutable {
            auto& now = self->state;
            now.nodes.drain(name, drained, now.config.wall_ms());
            promise.deliver(name);
            place_soon(self);
          },
          [=](caf::error& error) mutable {
            promise.deliver(std::move(error));
          });
  return promise;
}

caf::result<profile> caps(coordinator_pointer self, const std::string& name) {
  auto& nodes = self->state.nodes;
  auto index = nodes.find(name);
  if (!index)
    return to_caf(
        {ec::not_found, name, "there is no such node", "see `troupe nodes`"});
  const auto& entry = nodes.entries()[*index];
  if (!entry.abilities)
    return to_caf({ec::not_found, name, "what it can encode isn't known yet",
                   "ask again in a minute"});
  return *entry.abilities;
}

std::vector<member> rows(const coordinator_state& state) {
  std::vector<member> result;
  for (const auto& x : state.nodes.entries())
    result.push_back(x.row);
  std::ranges::sort(result, {}, [](const auto& x) { return x.card.key.name; });
  return result;
}

void tell_members(coordinator_pointer self) {
  auto& state = self->state;
  auto names = state.nodes.take_changes();
  if (names.empty())
    return;
  std::vector<member> changed;
  for (const auto& name : names)
    if (auto index = state.nodes.find(name))
      changed.push_back(state.nodes.entries()[*index].row);
  for (const auto& [name, link] : state.links)
    self->send(link.membership, atom::members_v, changed);
}

void end_adoption(coordinator_pointer self) {
  auto& state = self->state;
  if (state.restored.empty() && state.awaited.empty())
    return;
  for (const auto& x : state.awaited)
    spdlog::warn("coordinator: {} did not come back in time", x.name);
  tell_jobs(self, state.restored, atom::reign_v);
  state.awaited.clear();
  state.restored.clear();
}

} // namespace troupe::coordinator_steps
