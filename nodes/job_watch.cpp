#include "nodes/job_watch.hpp"

#include <utility>

namespace troupe {

observer_actor::behavior_type
job_watch(observer_actor::stateful_pointer<job_watch_state> self,
          job_report submitted, const coordinator_actor& from,
          const std::shared_ptr<latest<job_report>>& to) {
  self->state.last = std::move(submitted);
  self->monitor(from);
  self->set_down_handler([=](const caf::down_msg&) {
    auto lost = self->state.last;
    lost.state = job_state::failed;
    lost.error = {ec::worker_lost, lost.spec.input, "the coordinator is gone",
                  "start the job again"};
    to->put(std::move(lost));
    self->quit();
  });
  self->send(from, atom::watch_v, self->state.last.id, observer_actor{self});
  return {
      [=](atom::update, const job_report& report) {
        self->state.last = report;
        to->put(report);
        if (is_final(report.state))
          self->quit();
      },
  };
}

} // namespace troupe
