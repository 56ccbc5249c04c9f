#include "actors/encoder_steps.hpp"

#include <algorithm>
#include <utility>

#include <caf/send.hpp>

#include "actors/result_check.hpp"
#include "actors/warm_up.hpp"

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr auto tick_interval = 500ms;

/// A session greets within 50 ms; a loaded machine may take its time.
constexpr double greeting_patience_s = 30;

/// The session is dead and reaped, unpublished files are gone.
void clean_up(encoder_state& state) {
  state.session.reset();
  state.outputs.reset();
  state.source.reset();
  state.phase = encoder_phase::idle;
}

/// Where the task goes on while the session works.
void enter(encoder_pointer self, encoder_phase phase) {
  auto& state = self->state;
  state.phase = phase;
  state.stalls.emplace(state.task.stall_timeout_s, self->clock().now());
  tick_later(self);
}

outcome<void> start_session(encoder_pointer self) {
  auto& state = self->state;
  state.session.reset();
  state.warmed = encoders_to_warm(state.task.likely_encoders);
  state.greeting.emplace(greeting_patience_s, self->clock().now());
  session::start_request how;
  how.limits = state.config.limits;
  how.warm_encoders.assign(state.warmed.begin(), state.warmed.end());
  // A weak reference: the last strong one must not go on a session's thread.
  auto me = caf::actor_cast<caf::actor_addr>(self);
  auto line = session_line::open(state.config.start, how, [me] {
    if (auto strong = caf::actor_cast<encoder_actor>(me))
      caf::anon_send(strong, atom::event_v);
  });
  if (!line)
    return line.error();
  state.session.emplace(std::move(*line));
  // When the session doesn't take it, its end is on the way.
  state.session->send(session::inspect_request{}, {state.source->descriptor()});
  enter(self, encoder_phase::inspecting);
  return {};
}

bool session_serves(const encoder_state& state) {
  auto needed = encoders_to_warm(state.task.likely_encoders);
  return state.session
         && std::includes(state.warmed.begin(), state.warmed.end(),
                          needed.begin(), needed.end());
}

outcome<void> prepare(encoder_state& state) {
  if (!state.source) {
    auto source = source_file::open(state.task.input, state.config.files);
    if (!source)
      return source.error();
    state.source.emplace(std::move(*source));
  }
  return output_files::check(state.task, *state.source, state.config.files);
}

/// The JOB gave leave.
void publish(encoder_pointer self, const publish_grant& grant) {
  auto& state = self->state;
  auto published =
      state.outputs->publish(grant, *state.source, state.config.publishing);
  if (!published)
    return fail(self, published.error());
  state.result.wall_s = seconds_taken(self);
  clean_up(state);
  self->send(state.worker, atom::ended_v, state.task.id);
  self->send(state.worker, atom::done_v, state.result);
  self->quit();
}

} // namespace

bool busy(const encoder_state& state) {
  return state.phase != encoder_phase::idle
         && state.phase != encoder_phase::warm;
}

std::string first_output(const encoder_state& state) {
  return state.outputs && !state.task.outputs.empty() ? state.task.outputs[0]
                                                      : std::string{};
}

void fail(encoder_pointer self, const failure& error) {
  auto& state = self->state;
  clean_up(state);
  // The slot is free before anybody, and with it the coordinator, hears of it.
  self->send(state.worker, atom::ended_v, state.task.id);
  self->send(state.worker, atom::failed_v, state.task.id, error);
  self->quit();
}

void fail_reading(encoder_pointer self, const failure& error) {
  auto& source = self->state.source;
  auto unchanged = source ? source->check_unchanged() : outcome<void>{};
  fail(self, unchanged ? error : unchanged.error());
}

void tick_later(encoder_pointer self) {
  if (self->state.ticking)
    return;
  self->state.ticking = true;
  self->delayed_send(self, tick_interval, atom::tick_v);
}

void run(encoder_pointer self, const task_spec& task) {
  auto& state = self->state;
  if (busy(state)) {
    self->send(state.worker, atom::failed_v, task.id,
               failure{ec::internal, to_string(task.id),
                       "was given to an encoder that is at work",
                       "please report this"});
    return;
  }
  state.task = task;
  state.started = self->clock().now();
  if (auto ready = prepare(state); !ready)
    return fail(self, ready.error());
  if (task.kind == task_kind::whole && session_serves(state))
    return start_encode(self);
  if (auto started = start_session(self); !started)
    fail(self, started.error());
}

void start_encode(encoder_pointer self) {
  auto& state = self->state;
  auto created = output_files::create(state.task, *state.source,
                                      state.config.files, state.config.noted);
  if (!created)
    return fail(self, created.error());
  state.outputs.emplace(std::move(*created));
  state.meter.emplace(state.task.id, state.task.plan.duration_s,
                      self->clock().now());
  state.verifying = false;
  state.session->send(session::encode_request{state.task.plan},
                      state.outputs->descriptors());
  enter(self, encoder_phase::encoding);
}

void finish_encode(encoder_pointer self, const encode_report& report) {
  auto& state = self->state;
  // Whoever could still write to the outputs is gone before they are judged.
  state.session.reset();
  auto checked = check_result(state.task, *state.outputs, report);
  if (!checked)
    return fail_reading(self, checked.error());
  if (auto unchanged = state.source->check_unchanged(); !unchanged)
    return fail(self, unchanged.error());
  state.result = {};
  state.result.id = state.task.id;
  state.result.report = report;
  state.result.warnings = std::move(*checked);
  state.phase = encoder_phase::asking;
  self->send(state.worker, atom::publish_v, state.task.id);
}

void take_grant(encoder_pointer self, const publish_grant& grant) {
  auto& state = self->state;
  if (state.phase != encoder_phase::asking || grant.attempt != state.task.id)
    return;
  if (grant.granted)
    return publish(self, grant);
  fail(self, {ec::cancelled, first_output(state),
              "the job wants no result of this attempt", ""});
}

double seconds_taken(encoder_pointer self) {
  std::chrono::duration<double> taken =
      self->clock().now() - self->state.started;
  return taken.count();
}

} // namespace troupe
