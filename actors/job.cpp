#include "actors/job.hpp"

#include <algorithm>

#include <caf/make_message.hpp>
#include <caf/result.hpp>

#include <spdlog/spdlog.h>

#include "actors/job_steps.hpp"
#include "actors/job_tasks.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace job_steps {

namespace {

using namespace std::chrono_literals;

/// For workers that were told to abandon a task.
constexpr auto abandon_patience = 30s;
constexpr std::chrono::duration<double> longest_time_limit = 24h * 365;
constexpr size_t max_observers = 100;

/// How the job stands, as far as that holds: an end that isn't written down
/// could still be another one after a crash.
job_report standing(const job_actor_state& state) {
  return state.concluded ? state.machine->report()
                         : state.machine->report_before_end();
}

/// Everybody hears of the end, and workers forget the job.
void announce_end(job_pointer self) {
  auto& state = self->state;
  state.concluded = true;
  auto report = state.machine->report();
  for (const auto& [attempt, where] : state.places)
    self->send(where.worker, atom::release_v, report.id, state.config.epoch);
  for (const auto& observer : state.observers)
    self->send(observer, atom::update_v, report);
  self->send(state.config.coordinator, atom::ended_v, report);
}

void expired(job_pointer self) {
  auto& state = self->state;
  if (state.machine->ended())
    return;
  if (!state.ending)
    return end_with(self, {ec::time_limit, state.machine->spec().input,
                           "the job ran longer than its time limit",
                           "raise --timeout or choose a faster speed"});
  if (self->clock().now() >= state.ending_by) {
    state.machine->fail(*state.ending, now_ms(self));
    conclude(self);
  }
}

void watch(job_pointer self, observer_actor observer) {
  auto& state = self->state;
  self->send(observer, atom::update_v, standing(state));
  if (state.concluded || state.observers.size() >= max_observers)
    return;
  self->monitor(observer);
  state.observers.push_back(std::move(observer));
}

failure has_ended(job_pointer self) {
  const auto& record = self->state.machine->record();
  return {ec::conflict, to_string(record.id),
          "the job is " + std::string{to_string(record.state)} + " already",
          ""};
}

using id_promise = caf::typed_response_promise<job_id>;

/// Why a wish comes too late; nothing when it doesn't.
std::optional<failure> too_late(job_pointer self, job_wish what) {
  auto& state = self->state;
  if (state.machine->ended() || state.ending)
    return has_ended(self);
  // A cancel that was acknowledged is not taken back.
  if (state.machine->record().wish == job_wish::cancel
      && what != job_wish::cancel)
    return failure{ec::conflict, to_string(state.machine->id()),
                   "the job is being cancelled", ""};
  return std::nullopt;
}

caf::result<job_id> wish(job_pointer self, job_wish what) {
  auto& state = self->state;
  if (auto refused = too_late(self, what))
    return to_caf(*refused);
  auto promise = self->make_response_promise<job_id>();
  state.machine->wish(what, now_ms(self));
  state.machine->settle_pause();
  commit(self, [=]() mutable {
    promise.deliver(self->state.machine->id());
    if (what == job_wish::cancel)
      return end_with(self, {ec::cancelled, self->state.machine->spec().input,
                             "cancelled", ""});
    if (what == job_wish::run)
      want_next(self);
    tell(self);
  });
  return promise;
}

caf::result<job_id> migrate(job_pointer self, const std::string& node) {
  auto& state = self->state;
  if (auto refused = too_late(self, job_wish::run))
    return to_caf(*refused);
  for (const auto* x : state.machine->tasks().alive())
    if (x->record.node == node && !x->unwanted)
      return to_caf({ec::conflict, to_string(state.machine->id()),
                     "the job runs on " + node + " already", ""});
  auto promise = self->make_response_promise<job_id>();
  state.machine->pin(node, now_ms(self));
  commit(self, [=]() mutable {
    promise.deliver(self->state.machine->id());
    want_next(self);
  });
  return promise;
}

/// An input was read, and its plan comes soon.
bool being_planned(const job_actor_state& state) {
  return std::any_of(state.probes.begin(), state.probes.end(),
                     [](const auto& x) { return x.second.media.has_value(); });
}

/// What a JOB does first: a new one, or one of an earlier reign.
void begin(job_pointer self) {
  auto& state = self->state;
  start_clock(self);
  for (const auto* x : state.machine->tasks().alive())
    if (x->awaited)
      return; // `reign` ends the wait
  adoption_over(self);
}

void gone(job_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  if (state.config.coordinator == down.source
      || state.config.journal == down.source)
    return self->quit(caf::exit_reason::user_shutdown);
  std::erase_if(state.observers,
                [&](const auto& x) { return x == down.source; });
}

} // namespace

void start_clock(job_pointer self) {
  const auto& machine = *self->state.machine;
  std::chrono::duration<double> limit{machine.spec().timeout_s};
  auto started = machine.record().started_ms;
  if (limit.count() <= 0 || started == 0)
    return;
  auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::min(limit, longest_time_limit));
  auto now = now_ms(self);
  std::chrono::milliseconds passed{now - std::min(now, started)};
  self->delayed_send(self, std::max(whole - passed, 0ms), atom::expire_v);
}

void commit(job_pointer self, std::function<void()> next) {
  auto& state = self->state;
  self->request(state.config.journal, caf::infinite, atom::append_v,
                state.machine->take_change())
      .then([next = std::move(next)](bool) { next(); },
            [=](const caf::error& error) {
              spdlog::error("job {}: {}", to_string(self->state.machine->id()),
                            to_string(from_caf(error)));
              self->quit(error);
            });
}

void tell(job_pointer self) {
  auto& state = self->state;
  if (state.machine->ended())
    return; // whoever concludes tells, once that is durable
  auto report = state.machine->report();
  for (const auto& observer : state.observers)
    self->send(observer, atom::update_v, report);
  self->send(state.config.coordinator, atom::update_v, summarize(report));
}

void want_next(job_pointer self) {
  auto& state = self->state;
  auto& machine = *state.machine;
  if (machine.ended() || state.ending || being_planned(state))
    return;
  if (machine.record().wish == job_wish::cancel)
    return end_with(self,
                    {ec::cancelled, machine.spec().input, "cancelled", ""});
  if (machine.record().wish != job_wish::run)
    return;
  auto task = machine.next_task();
  const auto& pinned = machine.record().node;
  for (const auto* x : machine.tasks().alive(task))
    if (!x->unwanted && (pinned.empty() || x->record.node == pinned))
      return; // it runs where it should
  machine.tasks().set_waiting(task, true);
  auto needs =
      needs_of(machine.spec(), machine.plan(), task, state.config.rooted_paths);
  needs.priority = machine.report().priority;
  needs.node = pinned;
  needs.avoid.assign(state.avoid.begin(), state.avoid.end());
  self->send(state.config.coordinator, atom::ready_v, machine.id(), needs);
}

void end_with(job_pointer self, failure error) {
  auto& state = self->state;
  if (state.machine->ended() || state.ending)
    return;
  state.ending = std::move(error);
  state.ending_by = self->clock().now() + abandon_patience;
  // Their worker is through with them, and has nothing to abandon.
  auto probes = state.probes;
  for (const auto& [attempt, probe] : probes)
    if (probe.media)
      failed(self, attempt, *state.ending);
  for (const auto& [attempt, where] : state.places)
    self->send(where.worker, atom::cancel_v, attempt, state.config.epoch);
  self->delayed_send(self, abandon_patience, atom::expire_v);
  end_if_idle(self);
}

void end_if_idle(job_pointer self) {
  auto& state = self->state;
  if (!state.ending || state.machine->ended()
      || !state.machine->tasks().alive().empty())
    return;
  state.machine->fail(*state.ending, now_ms(self));
  conclude(self);
}

void conclude(job_pointer self) {
  commit(self, [=] { announce_end(self); });
}

} // namespace job_steps

job_actor::behavior_type job(job_actor::stateful_pointer<job_actor_state> self,
                             job_config config, const remembered_job& from) {
  using namespace job_steps;
  auto& state = self->state;
  state.config = std::move(config);
  state.machine.emplace(from);
  self->monitor(state.config.coordinator);
  self->monitor(state.config.journal);
  self->set_down_handler([=](const caf::down_msg& down) { gone(self, down); });
  begin(self);
  return {
      [=](atom::place, uint32_t task, const placed_worker& where) {
        placed(self, task, where);
      },
      [=](atom::progress, const task_progress& figures) {
        progressed(self, figures);
      },
      [=](atom::publish, const attempt_id& attempt) {
        return publish(self, attempt);
      },
      [=](atom::done, const task_result& result) { done(self, result); },
      [=](atom::failed, const attempt_id& attempt, const failure& error) {
        failed(self, attempt, error);
      },
      [=](atom::lost, const node_key& node) { lost(self, node); },
      [=](atom::returned, const held_attempt& held,
          const placed_worker& where) { returned(self, held, where); },
      [=](atom::reign, const placed_worker& where) { settled(self, where); },
      [=](atom::reign) { adoption_over(self); },
      [=](atom::get) { return standing(self->state); },
      [=](atom::watch, const observer_actor& observer) {
        watch(self, observer);
      },
      [=](atom::cancel) { return wish(self, job_wish::cancel); },
      [=](atom::pause) { return wish(self, job_wish::pause); },
      [=](atom::resume) { return wish(self, job_wish::run); },
      [=](atom::migrate, const std::string& node) {
        return migrate(self, node);
      },
      [=](atom::release) { self->quit(); },
      [=](atom::expire) { expired(self); },
      [=](atom::retry, uint32_t) { want_next(self); },
  };
}

} // namespace troupe
