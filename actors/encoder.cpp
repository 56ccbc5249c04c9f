#include "actors/encoder.hpp"

#include <algorithm>
#include <variant>

#include <caf/send.hpp>

#include "actors/result_check.hpp"
#include "actors/session_failure.hpp"
#include "actors/warm_up.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

using namespace std::chrono_literals;
using encoder_pointer = encoder_actor::stateful_pointer<encoder_state>;

constexpr auto tick_interval = 500ms;
/// A session greets within 50 ms; a loaded machine may take its time.
constexpr auto greeting_patience = 30s;
constexpr auto publish_patience = 10s;

bool busy(const encoder_state& state) {
  return state.phase != encoder_phase::idle
         && state.phase != encoder_phase::warm;
}

std::string first_output(const encoder_state& state) {
  return state.outputs && !state.task.outputs.empty() ? state.task.outputs[0]
                                                      : std::string{};
}

/// The session is dead and reaped, unpublished files are gone.
void clean_up(encoder_state& state) {
  state.session.reset();
  state.outputs.reset();
  state.source.reset();
  state.phase = encoder_phase::idle;
}

/// Gives the task up and ends: a failure ends the job.
void fail(encoder_pointer self, const failure& error) {
  auto& state = self->state;
  clean_up(state);
  // The slot is free before the JOB, and with it the coordinator, hears of it.
  self->send(state.worker, atom::ended_v, state.task.id);
  self->send(state.job, atom::failed_v, state.task.id, error);
  self->quit();
}

/// As `fail`, unless the input is to blame for everything: it changed.
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
  state.greeted = false;
  state.session_started = self->clock().now();
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

void start_encode(encoder_pointer self) {
  auto& state = self->state;
  auto created = output_files::create(state.task.outputs, state.task.replace,
                                      *state.source, state.task.id);
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

bool session_serves(const encoder_state& state) {
  auto needed = encoders_to_warm(state.task.likely_encoders);
  return state.session
         && std::includes(state.warmed.begin(), state.warmed.end(),
                          needed.begin(), needed.end());
}

outcome<void> prepare(encoder_state& state) {
  if (!state.source) {
    auto source = source_file::open(state.task.input);
    if (!source)
      return source.error();
    state.source.emplace(std::move(*source));
  }
  return output_files::check(state.task.outputs, state.task.replace,
                             *state.source);
}

void run(encoder_pointer self, const task_spec& task, const job_actor& job) {
  auto& state = self->state;
  if (busy(state)) {
    self->send(job, atom::failed_v, task.id,
               failure{ec::internal, to_string(task.id),
                       "was given to an encoder that is at work",
                       "please report this"});
    return;
  }
  state.task = task;
  state.job = job;
  state.started = self->clock().now();
  if (auto ready = prepare(state); !ready)
    return fail(self, ready.error());
  if (task.kind == task_kind::whole && session_serves(state))
    return start_encode(self);
  if (auto started = start_session(self); !started)
    fail(self, started.error());
}

/// The JOB gave leave.
void publish(encoder_pointer self) {
  auto& state = self->state;
  if (auto published = state.outputs->publish(*state.source); !published)
    return fail(self, published.error());
  state.result.wall_s =
      std::chrono::duration<double>{self->clock().now() - state.started}
          .count();
  clean_up(state);
  self->send(state.worker, atom::ended_v, state.task.id);
  self->send(state.job, atom::done_v, state.result);
  self->quit();
}

void ask_to_publish(encoder_pointer self) {
  auto& state = self->state;
  state.phase = encoder_phase::publishing;
  auto attempt = state.task.id;
  self->request(state.job, publish_patience, atom::publish_v, attempt)
      .then(
          [=](bool granted) {
            if (self->state.phase != encoder_phase::publishing)
              return;
            if (granted)
              return publish(self);
            fail(self, {ec::cancelled, first_output(self->state),
                        "the job wants no result of this attempt", ""});
          },
          [=](const caf::error& error) {
            if (self->state.phase != encoder_phase::publishing)
              return;
            auto why = from_caf(error);
            why.subject = first_output(self->state);
            fail(self, why);
          });
}

void encoded(encoder_pointer self, const encode_report& report) {
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
  ask_to_publish(self);
}

void inspected(encoder_pointer self, media_info media) {
  auto& state = self->state;
  if (state.task.kind == task_kind::whole)
    return start_encode(self);
  task_result result;
  result.id = state.task.id;
  result.media = std::move(media);
  result.wall_s =
      std::chrono::duration<double>{self->clock().now() - state.started}
          .count();
  state.phase = encoder_phase::warm;
  self->send(state.job, atom::done_v, result);
}

void progressed(encoder_pointer self, const session::progress& x) {
  auto& state = self->state;
  auto now = self->clock().now();
  state.stalls->saw(x.counters, now);
  auto turned = x.verifying != state.verifying;
  if (turned)
    state.stalls->moved(now);
  state.verifying = x.verifying;
  if (state.updates.take(now) || turned)
    self->send(state.job, atom::progress_v,
               state.meter->measure(x.counters, x.verifying, now));
}

/// One handler per thing that a session can say. What comes at the wrong time
/// is not listened to.
struct session_handler {
  encoder_pointer self;

  bool in(encoder_phase phase) const { return self->state.phase == phase; }

  void operator()(session::event& x) { std::visit(*this, x); }

  void operator()(session::hello& x) {
    self->state.greeted = true;
    if (x.version != session::protocol_version)
      fail(self, {ec::protocol_mismatch, "troupe-session",
                  "speaks version " + std::to_string(x.version)
                      + " of the session protocol instead of "
                      + std::to_string(session::protocol_version),
                  "install troupe and troupe-session together"});
  }

  void operator()(session::inspected& x) {
    if (in(encoder_phase::inspecting))
      inspected(self, std::move(x.media));
  }

  void operator()(session::progress& x) {
    if (in(encoder_phase::encoding))
      progressed(self, x);
  }

  void operator()(session::encoded& x) {
    if (in(encoder_phase::encoding))
      encoded(self, x.report);
  }

  void operator()(session::refused& x) {
    auto& state = self->state;
    if (in(encoder_phase::inspecting) || in(encoder_phase::encoding))
      fail_reading(self, failure_of_refusal(x.error, state.task.input,
                                            first_output(state)));
  }

  void operator()(session::exited& x) {
    auto& state = self->state;
    // A warm session that dies costs nothing: the next task starts another.
    if (!busy(state))
      return state.session.reset();
    auto error = failure_of_end(x, state.task.input);
    if (error.code == ec::disk_full)
      error.subject = first_output(state);
    fail_reading(self, error);
  }

  void operator()(session::probed&) {}
  void operator()(session::libraries&) {}
  void operator()(session::escapes&) {}
};

void listen(encoder_pointer self) {
  auto& state = self->state;
  while (state.session) {
    auto heard = state.session->next();
    if (!heard)
      break;
    std::visit(session_handler{self}, *heard);
  }
  if (!state.session || !state.session->babbling())
    return;
  if (busy(state))
    fail(self, {ec::session_crashed, state.task.input,
                "the session said more than it was asked for",
                "the input may have taken it over: don't trust it"});
  else
    state.session.reset();
}

void tick(encoder_pointer self) {
  auto& state = self->state;
  state.ticking = false;
  if (!state.session || !busy(state))
    return;
  auto now = self->clock().now();
  if (!state.greeted && now - state.session_started >= greeting_patience)
    return fail(self, {ec::stalled, state.task.input,
                       "the session said nothing for 30 s after its start",
                       "try again when the machine has less to do"});
  if (state.stalls->stalled(now))
    return fail(self, {ec::stalled, state.task.input,
                       "no stage of the session moved for "
                           + std::to_string(
                               static_cast<int64_t>(state.task.stall_timeout_s))
                           + " s",
                       "raise --stall-timeout if the machine is merely slow"});
  tick_later(self);
}

} // namespace

encoder_actor::behavior_type encoder(encoder_pointer self, worker_actor parent,
                                     encoder_config config) {
  auto& state = self->state;
  state.me = caf::actor_cast<caf::strong_actor_ptr>(self);
  state.worker = std::move(parent);
  state.config = std::move(config);
  self->monitor(state.worker);
  self->set_down_handler([=](const caf::down_msg&) {
    self->quit(caf::exit_reason::user_shutdown);
  });
  return {
      [=](atom::run, const task_spec& task, const job_actor& job) {
        run(self, task, job);
      },
      [=](atom::cancel, const attempt_id& attempt) {
        auto& now = self->state;
        if (busy(now) && now.task.id == attempt)
          fail(self, {ec::cancelled, now.task.input, "cancelled", ""});
      },
      [=](atom::tick) { tick(self); },
      [=](atom::event) { listen(self); },
  };
}

} // namespace troupe
