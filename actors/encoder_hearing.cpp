#include "actors/encoder_hearing.hpp"

#include <utility>
#include <variant>

#include "actors/encoder_steps.hpp"
#include "actors/session_failure.hpp"

namespace troupe {

namespace {

void inspected(encoder_pointer self, media_info media) {
  auto& state = self->state;
  if (state.task.kind == task_kind::whole)
    return start_encode(self);
  task_result result;
  result.id = state.task.id;
  result.media = std::move(media);
  result.wall_s = seconds_taken(self);
  state.phase = encoder_phase::warm;
  self->send(state.worker, atom::done_v, result);
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
    self->send(state.worker, atom::progress_v,
               state.meter->measure(x.counters, x.verifying, now));
}

/// One handler per thing that a session can say. What comes at the wrong time
/// is not listened to.
struct session_handler {
  encoder_pointer self;

  bool in(encoder_phase phase) const { return self->state.phase == phase; }

  void operator()(session::event& x) { std::visit(*this, x); }

  void operator()(session::hello& x) {
    self->state.greeting.reset();
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
      finish_encode(self, x.report);
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

} // namespace

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

void look_after_session(encoder_pointer self) {
  auto& state = self->state;
  state.ticking = false;
  if (!state.session || !busy(state))
    return;
  auto now = self->clock().now();
  if (state.greeting && state.greeting->stalled(now))
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

} // namespace troupe
