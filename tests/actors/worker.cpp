#define CAF_SUITE worker

#include "actors/worker.hpp"

#include "tests/actors/fixture.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

/// What an ENCODER was told, by a stub in its place.
struct told_encoder {
  std::vector<task_spec> run;
  std::vector<attempt_id> cancelled;
};

encoder_actor::behavior_type encoder_stub(encoder_actor::pointer,
                                          told_encoder* to) {
  return {
      [=](atom::run, const task_spec& x, const job_actor&) {
        to->run.push_back(x);
      },
      [=](atom::cancel, const attempt_id& x) { to->cancelled.push_back(x); },
      [](atom::tick) {},
      [](atom::event) {},
  };
}

struct fixture : actor_fixture {
  told_job told;
  told_encoder heard;
  std::vector<encoder_actor> encoders;
  job_actor job = track(sys.spawn(job_stub, &told));
  worker_actor aut = track(sys.spawn(worker, config(2)));

  worker_config config(uint32_t slots) {
    return {slots, [this](const worker_actor&) {
              encoders.push_back(track(sys.spawn(encoder_stub, &heard)));
              return encoders.back();
            }};
  }

  static task_spec task(uint64_t of_job, uint32_t index) {
    task_spec result;
    result.id = {job_id{of_job, 0}, index, 1};
    return result;
  }

  /// True when the worker took the task.
  bool run(const task_spec& x) {
    auto pending = self->request(aut, caf::infinite, atom::run_v, x, job);
    sched.run();
    auto taken = false;
    pending.receive([&](const attempt_id& id) { taken = id == x.id; },
                    [&](const caf::error& error) {
                      CAF_CHECK(from_caf(error).code == ec::internal);
                    });
    return taken;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(worker_tests, fixture)

CAF_TEST(each job gets an encoder of its own and keeps it) {
  CAF_CHECK(run(task(1, 0)));
  CAF_CHECK(run(task(2, 0)));
  CAF_CHECK(run(task(1, 1)));
  CAF_CHECK_EQUAL(encoders.size(), 2u);
  CAF_CHECK_EQUAL(heard.run.size(), 3u);
}

CAF_TEST(a worker without a free slot refuses another job) {
  CAF_CHECK(run(task(1, 0)));
  CAF_CHECK(run(task(2, 0)));
  CAF_CHECK(!run(task(3, 0)));
  CAF_CHECK_EQUAL(encoders.size(), 2u);
}

CAF_TEST(a slot is free again when its encoder is through) {
  CAF_CHECK(run(task(1, 0)));
  CAF_CHECK(run(task(2, 0)));
  caf::anon_send(aut, atom::ended_v, task(1, 0).id);
  sched.run();
  CAF_CHECK(run(task(3, 0)));
}

CAF_TEST(a release ends the encoder and frees its slot) {
  CAF_CHECK(run(task(1, 0)));
  CAF_CHECK(run(task(2, 0)));
  caf::anon_send(aut, atom::release_v, job_id{1, 0});
  sched.run();
  CAF_CHECK(dead(encoders[0]));
  CAF_CHECK(!dead(encoders[1]));
  CAF_CHECK(run(task(3, 0)));
  CAF_CHECK(told.failed.empty());
}

CAF_TEST(a cancel goes to the encoder of the job) {
  CAF_CHECK(run(task(1, 0)));
  caf::anon_send(aut, atom::cancel_v, task(1, 0).id);
  caf::anon_send(aut, atom::cancel_v, task(7, 0).id);
  sched.run();
  CAF_REQUIRE_EQUAL(heard.cancelled.size(), 1u);
  CAF_CHECK(heard.cancelled[0] == task(1, 0).id);
}

CAF_TEST(a job learns that its encoder died) {
  CAF_CHECK(run(task(1, 0)));
  caf::anon_send_exit(encoders[0], caf::exit_reason::kill);
  sched.run();
  CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
  CAF_CHECK(told.failed[0].code == ec::internal);
  CAF_CHECK(run(task(1, 1)));
  CAF_CHECK_EQUAL(encoders.size(), 2u);
}

CAF_TEST(the encoder of a job that died ends) {
  CAF_CHECK(run(task(1, 0)));
  caf::anon_send_exit(job, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(dead(encoders[0]));
}

CAF_TEST_FIXTURE_SCOPE_END()
