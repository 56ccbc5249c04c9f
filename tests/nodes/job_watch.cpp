#define CAF_SUITE job_watch

#include "nodes/job_watch.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/test/dsl.hpp>

#include "messages/cluster.hpp"
#include "messages/types.hpp"

using namespace troupe;

namespace {

struct config : caf::actor_system_config {
  config() { register_types(*this); }
};

/// A coordinator that only hears who watches.
struct stage_state {
  observer_actor audience;
};

/// Dynamically typed, as a watch needs one message of the whole interface.
caf::behavior stage(caf::stateful_actor<stage_state>* self) {
  return {
      [=](atom::watch, const job_id&, const observer_actor& who) {
        self->state.audience = who;
      },
  };
}

struct fixture : test_coordinator_fixture<config> {
  fixture() {
    submitted.id = make_job_id(1, 2, 3);
    submitted.spec.input = "in.mkv";
    coordinator = caf::actor_cast<coordinator_actor>(sys.spawn(stage));
    watch = sys.spawn(job_watch, submitted, coordinator, reports);
    sched.run();
  }

  ~fixture() {
    // Every actor ends before the fixture does.
    caf::anon_send_exit(watch, caf::exit_reason::kill);
    caf::anon_send_exit(coordinator, caf::exit_reason::kill);
    sched.run();
  }

  void tell(job_state state) {
    auto report = submitted;
    report.state = state;
    self->send(watch, atom::update_v, report);
    sched.run();
  }

  bool watch_ended() {
    auto x = caf::actor_cast<caf::abstract_actor*>(watch);
    return x->getf(caf::abstract_actor::is_terminated_flag);
  }

  job_report submitted;
  std::shared_ptr<latest<job_report>> reports =
      std::make_shared<latest<job_report>>();
  coordinator_actor coordinator;
  observer_actor watch;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_watch_tests, fixture)

CAF_TEST(it asks the coordinator for news of its job) {
  auto& state = deref<caf::stateful_actor<stage_state>>(coordinator).state;
  CAF_CHECK_EQUAL(state.audience, watch);
}

CAF_TEST(the newest report is handed on) {
  tell(job_state::planning);
  tell(job_state::running);
  CAF_CHECK(reports->take().state == job_state::running);
  CAF_CHECK(!watch_ended());
}

CAF_TEST(it ends with its job) {
  tell(job_state::completed);
  CAF_CHECK(watch_ended());
  caf::anon_send_exit(coordinator, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(reports->take().state == job_state::completed);
}

CAF_TEST(the end of the coordinator fails the job) {
  tell(job_state::running);
  caf::anon_send_exit(coordinator, caf::exit_reason::kill);
  sched.run();
  auto last = reports->take();
  CAF_CHECK(last.state == job_state::failed);
  CAF_CHECK(last.error.code == ec::worker_lost);
  CAF_CHECK_EQUAL(last.spec.input, "in.mkv");
  CAF_CHECK(watch_ended());
}

CAF_TEST_FIXTURE_SCOPE_END()
