#include "actors/encoder.hpp"

#include "actors/encoder_hearing.hpp"
#include "actors/encoder_steps.hpp"

namespace troupe {

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
      [=](atom::run, const task_spec& task) { run(self, task); },
      [=](atom::grant, const publish_grant& grant) { take_grant(self, grant); },
      [=](atom::cancel, const attempt_id& attempt) {
        auto& now = self->state;
        if (busy(now) && now.task.id == attempt)
          fail(self, {ec::cancelled, now.task.input, "cancelled", ""});
      },
      [=](atom::tick) { look_after_session(self); },
      [=](atom::event) { listen(self); },
  };
}

} // namespace troupe
