#define CAF_SUITE worker

#include "actors/worker.hpp"

#include "tests/actors/fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// What an ENCODER was told, by a stub in its place.
struct told_encoder {
  std::vector<task_spec> run;
  std::vector<publish_grant> grants;
  std::vector<attempt_id> cancelled;
};

encoder_actor::behavior_type encoder_stub(encoder_actor::pointer,
                                          told_encoder* to) {
  return {
      [=](atom::run, const task_spec& x) { to->run.push_back(x); },
      [=](atom::grant, const publish_grant& x) { to->grants.push_back(x); },
      [=](atom::cancel, const attempt_id& x) { to->cancelled.push_back(x); },
      [](atom::tick) {},
      [](atom::event) {},
  };
}

struct fixture : actor_fixture {
  told_job told;
  told_job told_later;
  told_encoder heard;
  std::vector<encoder_actor> encoders;
  job_actor job = track(sys.spawn(job_stub, &told));
  job_actor heir = track(sys.spawn(job_stub, &told_later));
  worker_actor aut = track(sys.spawn(worker, config(2)));

  worker_config config(uint32_t slots) {
    return {slots, [this](const worker_actor&) {
              encoders.push_back(track(sys.spawn(encoder_stub, &heard)));
              return encoders.back();
            }};
  }

  static task_spec task(uint64_t of_job, uint32_t index = 0,
                        uint64_t epoch = 1) {
    task_spec result;
    result.id = {job_id{of_job, 0}, index, 1};
    result.epoch = epoch;
    return result;
  }

  /// none when the worker took the task.
  ec run(const task_spec& x) {
    auto pending = self->request(aut, caf::infinite, atom::run_v, x, job);
    sched.run();
    auto result = ec::none;
    pending.receive(
        [&](const attempt_id& id) { CAF_CHECK(id == x.id); },
        [&](const caf::error& error) { result = from_caf(error).code; });
    return result;
  }

  void take(const task_spec& x) { CAF_REQUIRE(run(x) == ec::none); }

  template <class... Ts>
  void tell(const Ts&... xs) {
    caf::anon_send(aut, xs...);
    sched.run();
  }

  void finish(const task_spec& x) {
    task_result result;
    result.id = x.id;
    tell(atom::done_v, result);
  }

  std::vector<held_attempt> report() {
    auto pending = self->request(aut, caf::infinite, atom::report_v);
    sched.run();
    std::vector<held_attempt> result;
    pending.receive([&](std::vector<held_attempt>& x) { result = x; },
                    [](const caf::error&) { CAF_FAIL("no report"); });
    return result;
  }

  static task_progress progress(const task_spec& x, double done) {
    task_progress result;
    result.id = x.id;
    result.done = done;
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(worker_tests, fixture)

// -- slots and commands -------------------------------------------------------

CAF_TEST(each job gets an encoder of its own and keeps it) {
  take(task(1, 0));
  take(task(2, 0));
  finish(task(1, 0));
  take(task(1, 1));
  CAF_CHECK_EQUAL(encoders.size(), 2u);
  CAF_CHECK_EQUAL(heard.run.size(), 3u);
}

CAF_TEST(a worker without a free slot refuses another job) {
  take(task(1));
  take(task(2));
  CAF_CHECK(run(task(3)) == ec::no_slot);
  CAF_CHECK_EQUAL(encoders.size(), 2u);
}

CAF_TEST(a slot is free again when its encoder is through) {
  take(task(1));
  take(task(2));
  tell(atom::ended_v, task(1).id);
  finish(task(1));
  CAF_CHECK_EQUAL(told.done.size(), 1u);
  take(task(3));
  CAF_CHECK_EQUAL(encoders.size(), 3u);
}

CAF_TEST(a session that is kept warm gives way to another job) {
  take(task(1));
  take(task(2));
  finish(task(1));
  take(task(3));
  CAF_CHECK(dead(encoders[0]));
  CAF_CHECK(!dead(encoders[1]));
  CAF_CHECK_EQUAL(encoders.size(), 3u);
}

CAF_TEST(a session is kept warm for a minute and longer while it works) {
  take(task(1));
  finish(task(1));
  pass(55s);
  CAF_CHECK(!dead(encoders[0]));
  take(task(1, 1));
  for (int i = 0; i < 5; ++i) {
    pass(60s);
    tell(atom::progress_v, progress(task(1, 1), 0.1));
  }
  CAF_CHECK(!dead(encoders[0]));
  finish(task(1, 1));
  pass(66s);
  CAF_CHECK(dead(encoders[0]));
  CAF_CHECK(told.failed.empty());
  CAF_CHECK_EQUAL(report().size(), 2u);
}

CAF_TEST(the same attempt given twice runs once) {
  take(task(1));
  take(task(1));
  CAF_CHECK_EQUAL(heard.run.size(), 1u);
  finish(task(1));
  take(task(1));
  CAF_CHECK_EQUAL(heard.run.size(), 1u);
  CAF_CHECK_EQUAL(told.done.size(), 2u);
}

CAF_TEST(a worker that drains refuses tasks until it is told otherwise) {
  tell(atom::drain_v);
  CAF_CHECK(run(task(1)) == ec::draining);
  tell(atom::undrain_v);
  take(task(1));
}

CAF_TEST(commands of an earlier reign are refused) {
  take(task(1));
  finish(task(1));
  take(task(2));
  tell(atom::reign_v, uint64_t{3});
  CAF_CHECK(run(task(3, 0, 2)) == ec::stale_epoch);
  tell(atom::cancel_v, task(2).id, uint64_t{2});
  tell(atom::adopt_v, task(1).id, heir, uint64_t{2});
  tell(atom::ack_v, task(1).id, uint64_t{2});
  tell(atom::release_v, job_id{1, 0}, uint64_t{2});
  tell(atom::reign_v, uint64_t{2});
  CAF_CHECK(heard.cancelled.empty());
  CAF_CHECK(told_later.done.empty());
  CAF_CHECK_EQUAL(report().size(), 2u);
  CAF_CHECK(run(task(2, 1, 2)) == ec::stale_epoch);
  // A newer one needs no announcement.
  tell(atom::ack_v, task(1).id, uint64_t{4});
  CAF_CHECK_EQUAL(report().size(), 1u);
  CAF_CHECK(run(task(1, 1, 3)) == ec::stale_epoch);
}

CAF_TEST(a release ends the encoder and frees its slot and tells nobody) {
  take(task(1));
  take(task(2));
  tell(atom::release_v, job_id{1, 0}, uint64_t{1});
  CAF_CHECK(dead(encoders[0]));
  CAF_CHECK(!dead(encoders[1]));
  CAF_CHECK_EQUAL(report().size(), 1u);
  take(task(3));
  CAF_CHECK(told.failed.empty());
}

CAF_TEST(a cancel goes to the encoder of an attempt that is here) {
  take(task(1));
  tell(atom::cancel_v, task(1).id, uint64_t{1});
  tell(atom::cancel_v, task(7).id, uint64_t{1});
  CAF_REQUIRE_EQUAL(heard.cancelled.size(), 1u);
  CAF_CHECK(heard.cancelled[0] == task(1).id);
  tell(atom::failed_v, task(1).id, failure{ec::cancelled, "", "", ""});
  CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
  CAF_CHECK(told.failed[0].code == ec::cancelled);
}

CAF_TEST(a job learns that its encoder died) {
  take(task(1));
  caf::anon_send_exit(encoders[0], caf::exit_reason::kill);
  sched.run();
  CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
  CAF_CHECK(told.failed[0].code == ec::internal);
  CAF_CHECK(told.failed_ids[0] == task(1).id);
  take(task(1, 1));
  CAF_CHECK_EQUAL(encoders.size(), 2u);
}

// -- what outlives jobs -------------------------------------------------------

CAF_TEST(an encoder that hangs is given up and its slot is free) {
  auto x = task(1);
  take(x);
  pass(110s);
  CAF_CHECK(told.failed.empty());
  tell(atom::progress_v, progress(x, 0.1));
  pass(110s);
  CAF_CHECK(told.failed.empty());
  pass(20s);
  CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
  CAF_CHECK(told.failed[0].code == ec::stalled);
  CAF_CHECK(dead(encoders[0]));
  // What it says when it comes to itself again is no news.
  finish(x);
  CAF_CHECK(told.done.empty());
  x.id.number = 2;
  take(x);
  CAF_CHECK_EQUAL(encoders.size(), 2u);
}

CAF_TEST(an encoder that waits for leave to publish is no encoder that hangs) {
  auto x = task(1);
  take(x);
  tell(atom::publish_v, x.id);
  pass(600s);
  CAF_CHECK(told.failed.empty());
}

CAF_TEST(an encode outlives its job) {
  take(task(1));
  caf::anon_send_exit(job, caf::exit_reason::kill);
  pass(100s);
  CAF_CHECK(!dead(encoders[0]));
  finish(task(1));
  auto held = report();
  CAF_REQUIRE_EQUAL(held.size(), 1u);
  CAF_CHECK(held[0].stage == attempt_stage::done);
  tell(atom::adopt_v, task(1).id, heir, uint64_t{2});
  CAF_REQUIRE_EQUAL(told_later.done.size(), 1u);
  tell(atom::ack_v, task(1).id, uint64_t{2});
  CAF_CHECK(report().empty());
}

CAF_TEST(who adopts a running attempt hears how far it is and all the rest) {
  take(task(1));
  tell(atom::progress_v, progress(task(1), 0.25));
  CAF_REQUIRE_EQUAL(told.progress.size(), 1u);
  tell(atom::adopt_v, task(1).id, heir, uint64_t{1});
  CAF_REQUIRE_EQUAL(told_later.progress.size(), 1u);
  CAF_CHECK_EQUAL(told_later.progress[0].done, 0.25);
  tell(atom::progress_v, progress(task(1), 0.5));
  CAF_CHECK_EQUAL(told_later.progress.size(), 2u);
  CAF_CHECK_EQUAL(told.progress.size(), 1u);
  tell(atom::failed_v, task(1).id, failure{ec::stalled, "", "", ""});
  CAF_CHECK(told.failed.empty());
  CAF_CHECK_EQUAL(told_later.failed.size(), 1u);
  // A failure is kept like a result.
  tell(atom::adopt_v, task(1).id, heir, uint64_t{1});
  CAF_REQUIRE_EQUAL(told_later.failed.size(), 2u);
  CAF_CHECK(told_later.failed[1].code == ec::stalled);
}

CAF_TEST(who adopts an attempt that is not here hears that) {
  tell(atom::adopt_v, task(1).id, heir, uint64_t{1});
  CAF_REQUIRE_EQUAL(told_later.failed.size(), 1u);
  CAF_CHECK(told_later.failed[0].code == ec::worker_lost);
  CAF_CHECK(told_later.failed_ids[0] == task(1).id);
}

CAF_TEST(a report has running attempts and ended ones and no idle session) {
  take(task(1));
  finish(task(1));
  tell(atom::ack_v, task(1).id, uint64_t{1});
  take(task(2));
  tell(atom::progress_v, progress(task(2), 0.5));
  auto held = report();
  CAF_REQUIRE_EQUAL(held.size(), 1u);
  CAF_CHECK(held[0].spec.id == task(2).id);
  CAF_CHECK(held[0].stage == attempt_stage::running);
  CAF_CHECK_EQUAL(held[0].progress.done, 0.5);
}

// -- publishing ---------------------------------------------------------------

CAF_TEST(the encoder gets the answer of the job as it is) {
  told.grant.in_doubt = {4, 5};
  take(task(1));
  tell(atom::publish_v, task(1).id);
  CAF_REQUIRE_EQUAL(heard.grants.size(), 1u);
  CAF_CHECK((heard.grants[0] == publish_grant{task(1).id, true, {4, 5}}));
  CAF_CHECK(report().at(0).stage == attempt_stage::publishing);
  pass(30s);
  CAF_CHECK_EQUAL(told.asked, 1u);
}

CAF_TEST(a refusal reaches the encoder) {
  told.grant.granted = false;
  take(task(1));
  tell(atom::publish_v, task(1).id);
  CAF_REQUIRE_EQUAL(heard.grants.size(), 1u);
  CAF_CHECK(!heard.grants[0].granted);
  tell(atom::failed_v, task(1).id, failure{ec::cancelled, "", "", ""});
  CAF_CHECK_EQUAL(told.failed.size(), 1u);
}

CAF_TEST(a job that does not answer is asked again) {
  told.answers = false;
  take(task(1));
  tell(atom::publish_v, task(1).id);
  CAF_CHECK_EQUAL(told.asked, 1u);
  pass(9s);
  CAF_CHECK_EQUAL(told.asked, 1u);
  CAF_CHECK(report().at(0).stage == attempt_stage::asking);
  pass(7s);
  CAF_CHECK_EQUAL(told.asked, 2u);
  told.answers = true;
  pass(16s);
  CAF_CHECK_EQUAL(told.asked, 3u);
  CAF_CHECK_EQUAL(heard.grants.size(), 1u);
  CAF_CHECK(told.failed.empty());
}

CAF_TEST(whoever adopts an attempt is asked at once and alone counts) {
  told.answers = false;
  told_later.answers = false;
  told_later.grant.in_doubt = {3};
  take(task(1));
  tell(atom::publish_v, task(1).id);
  tell(atom::adopt_v, task(1).id, heir, uint64_t{1});
  CAF_CHECK_EQUAL(told_later.asked, 1u);
  caf::anon_send(job, atom::expire_v);
  sched.run();
  CAF_CHECK(heard.grants.empty());
  caf::anon_send(heir, atom::expire_v);
  sched.run();
  CAF_REQUIRE_EQUAL(heard.grants.size(), 1u);
  CAF_CHECK_EQUAL(heard.grants[0].in_doubt.size(), 1u);
  pass(30s);
  CAF_CHECK_EQUAL(told.asked, 1u);
  CAF_CHECK_EQUAL(told_later.asked, 1u);
}

CAF_TEST(a grant for an attempt that was cancelled meanwhile grants nothing) {
  take(task(1));
  self->send(aut, atom::publish_v, task(1).id);
  self->send(aut, atom::failed_v, task(1).id,
             failure{ec::cancelled, "", "", ""});
  sched.run();
  CAF_CHECK(heard.grants.empty());
  CAF_CHECK(report().at(0).stage == attempt_stage::failed);
}

// -- leaving ------------------------------------------------------------------

CAF_TEST(what a leaving node gives back fails as handed back) {
  take(task(1));
  take(task(2));
  finish(task(2));
  tell(atom::handback_v);
  CAF_CHECK(dead(encoders[1]));
  CAF_REQUIRE_EQUAL(heard.cancelled.size(), 1u);
  CAF_CHECK(heard.cancelled[0] == task(1).id);
  CAF_CHECK(told.failed.empty());
  tell(atom::ended_v, task(1).id);
  tell(atom::failed_v, task(1).id, failure{ec::cancelled, "", "", ""});
  CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
  CAF_CHECK(told.failed[0].code == ec::handed_back);
  CAF_CHECK(run(task(3)) == ec::draining);
}

CAF_TEST_FIXTURE_SCOPE_END()
