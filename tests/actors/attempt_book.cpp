#define CAF_SUITE attempt_book

#include "actors/attempt_book.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

using time_point = attempt_book::time_point;
using ids = std::vector<attempt_id>;

task_spec task(uint64_t job, uint32_t index = 0, uint64_t epoch = 1) {
  task_spec result;
  result.id = {job_id{job, 0}, index, 1};
  result.epoch = epoch;
  return result;
}

task_result result_of(const task_spec& x) {
  task_result result;
  result.id = x.id;
  result.wall_s = 7;
  return result;
}

struct fixture {
  attempt_book aut{2, 3};
  time_point start{};

  ec code_of(const task_spec& x) {
    auto admitted = aut.admit(x);
    return admitted ? ec::none : admitted.error().code;
  }

  attempt_book::admission admit(const task_spec& x) {
    auto admitted = aut.admit(x);
    CAF_REQUIRE(admitted);
    return *admitted;
  }

  void finish(const task_spec& x, time_point when = {}) {
    CAF_REQUIRE(aut.done(result_of(x), when));
  }

  /// Its encoder goes before its end is told.
  void end(const task_spec& x) {
    CAF_CHECK(aut.ended(x.id));
    finish(x);
  }

  attempt_stage stage(const task_spec& x) {
    auto held = aut.find(x.id);
    CAF_REQUIRE(held);
    return held->stage;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(attempt_book_tests, fixture)

CAF_TEST(a task needs a slot unless its job has one without a task) {
  CAF_CHECK(!admit(task(1)).seated);
  CAF_CHECK(!admit(task(2)).seated);
  CAF_CHECK(code_of(task(3)) == ec::no_slot);
  CAF_CHECK(code_of(task(1, 1)) == ec::no_slot);
  finish(task(1));
  auto second = admit(task(1, 1));
  CAF_CHECK(second.seated);
  CAF_CHECK(!second.known);
  CAF_CHECK(!second.evicted);
}

CAF_TEST(a slot is free once its encoder is through) {
  admit(task(1));
  admit(task(2));
  end(task(1));
  CAF_CHECK(!admit(task(3)).evicted);
}

CAF_TEST(the encoder that waits longest for a task gives way to another job) {
  admit(task(1));
  admit(task(2));
  finish(task(2), start + 1s);
  finish(task(1), start + 2s);
  auto third = admit(task(3));
  CAF_REQUIRE(third.evicted);
  CAF_CHECK(*third.evicted == task(2).id.job);
  CAF_CHECK(*admit(task(4)).evicted == task(1).id.job);
  CAF_CHECK(code_of(task(5)) == ec::no_slot);
}

CAF_TEST(the same attempt is admitted once whatever became of it) {
  admit(task(1));
  CAF_CHECK(admit(task(1)).known);
  finish(task(1));
  CAF_CHECK(admit(task(1)).known);
  aut.drain(true);
  CAF_CHECK(admit(task(1)).known);
  CAF_CHECK(stage(task(1)) == attempt_stage::done);
}

CAF_TEST(tasks of an earlier reign are refused and later ones raise the mark) {
  CAF_CHECK(aut.obeys(5));
  CAF_CHECK(code_of(task(1, 0, 4)) == ec::stale_epoch);
  CAF_CHECK(code_of(task(1, 0, 5)) == ec::none);
  CAF_CHECK(code_of(task(2, 0, 9)) == ec::none);
  CAF_CHECK_EQUAL(aut.epoch(), 9u);
  CAF_CHECK(!aut.obeys(8));
  CAF_CHECK(aut.obeys(9));
}

CAF_TEST(a node that drains takes nothing new) {
  aut.drain(true);
  CAF_CHECK(code_of(task(1)) == ec::draining);
  aut.drain(false);
  CAF_CHECK(code_of(task(1)) == ec::none);
}

CAF_TEST(an attempt goes from stage to stage and never back) {
  auto x = task(1);
  admit(x);
  CAF_CHECK(stage(x) == attempt_stage::running);
  task_progress progress;
  progress.id = x.id;
  progress.done = 0.5;
  CAF_REQUIRE(aut.progressed(progress));
  CAF_CHECK_EQUAL(aut.find(x.id)->progress.done, 0.5);
  CAF_CHECK(!aut.granted(x.id));
  CAF_CHECK(aut.asks(x.id));
  CAF_CHECK(!aut.asks(x.id));
  CAF_CHECK(!aut.progressed(progress));
  CAF_CHECK(aut.asking() == ids{x.id});
  CAF_CHECK(aut.granted(x.id));
  CAF_CHECK(!aut.granted(x.id));
  CAF_CHECK(aut.asking().empty());
  CAF_CHECK(stage(x) == attempt_stage::publishing);
  finish(x);
  CAF_CHECK(!aut.failed(x.id, {ec::internal, "", "", ""}, start));
  CAF_CHECK(stage(x) == attempt_stage::done);
  CAF_CHECK_EQUAL(aut.find(x.id)->result.wall_s, 7.0);
}

CAF_TEST(steps of attempts that are not here are nothing) {
  auto id = task(1).id;
  CAF_CHECK(!aut.progressed({}));
  CAF_CHECK(!aut.asks(id));
  CAF_CHECK(!aut.granted(id));
  CAF_CHECK(!aut.done(result_of(task(1)), start));
  CAF_CHECK(!aut.failed(id, {}, start));
  CAF_CHECK(!aut.ended(id));
  CAF_CHECK(!aut.died(id.job, "", start));
  CAF_CHECK(!aut.acknowledge(id));
  CAF_CHECK(!aut.release(id.job));
  CAF_CHECK(!aut.find(id));
}

CAF_TEST(what an attempt ended with is kept until it is acknowledged) {
  admit(task(1));
  CAF_CHECK(!aut.acknowledge(task(1).id));
  end(task(1));
  CAF_REQUIRE_EQUAL(aut.all().size(), 1u);
  CAF_CHECK(aut.acknowledge(task(1).id));
  CAF_CHECK(aut.all().empty());
}

CAF_TEST(the oldest end is dropped when too many wait) {
  for (uint64_t job = 1; job <= 5; ++job) {
    admit(task(job));
    end(task(job));
    if (job == 2)
      aut.acknowledge(task(2).id);
  }
  CAF_CHECK(aut.take_dropped() == ids{task(1).id});
  CAF_CHECK(aut.take_dropped().empty());
  CAF_CHECK_EQUAL(aut.all().size(), 3u);
  CAF_CHECK(!aut.find(task(1).id));
}

CAF_TEST(an encoder that died failed its attempt and freed its slot) {
  admit(task(1));
  auto held = aut.died(task(1).id.job, "out of luck", start);
  CAF_REQUIRE(held);
  CAF_CHECK(held->stage == attempt_stage::failed);
  CAF_CHECK(held->error.code == ec::internal);
  CAF_CHECK(held->error.cause.find("out of luck") != std::string::npos);
  CAF_CHECK(!admit(task(1, 1)).seated);
}

CAF_TEST(an encoder that died without a task failed nothing) {
  admit(task(1));
  finish(task(1));
  CAF_CHECK(!aut.died(task(1).id.job, "", start));
  CAF_CHECK(stage(task(1)) == attempt_stage::done);
  CAF_CHECK(!admit(task(1, 1)).seated);
}

CAF_TEST(an encoder of earlier frees no slot that is in other hands) {
  admit(task(1));
  CAF_CHECK(aut.release(task(1).id.job));
  admit(task(1, 1));
  CAF_CHECK(!aut.ended(task(1).id));
  admit(task(2));
  CAF_CHECK(code_of(task(3)) == ec::no_slot);
}

CAF_TEST(a release forgets a job and nothing else) {
  admit(task(1));
  finish(task(1));
  admit(task(1, 1));
  admit(task(2));
  CAF_CHECK(aut.release(task(1).id.job));
  CAF_REQUIRE_EQUAL(aut.all().size(), 1u);
  CAF_CHECK(aut.all()[0].spec.id == task(2).id);
  CAF_CHECK(!admit(task(3)).evicted);
}

CAF_TEST(encoders without a task are dismissed when they waited for long) {
  admit(task(1));
  admit(task(2));
  CAF_CHECK(!aut.has_idle());
  finish(task(1), start + 10s);
  CAF_CHECK(aut.has_idle());
  CAF_CHECK(aut.dismiss_idle(start + 9s).empty());
  CAF_CHECK(aut.dismiss_idle(start + 10s)
            == std::vector<job_id>{task(1).id.job});
  CAF_CHECK(!aut.has_idle());
  CAF_CHECK(aut.dismiss_idle(start + 99s).empty());
}

CAF_TEST(attempts that are handed back fail as such) {
  admit(task(1));
  admit(task(2));
  CAF_CHECK(aut.asks(task(2).id));
  CAF_CHECK((aut.hand_back() == ids{task(1).id, task(2).id}));
  auto first = aut.failed(task(1).id, {ec::cancelled, "", "", ""}, start);
  CAF_CHECK(first->error.code == ec::handed_back);
  // It had failed by itself before it heard of that.
  auto second = aut.failed(task(2).id, {ec::bad_input, "", "", ""}, start);
  CAF_CHECK(second->error.code == ec::bad_input);
  CAF_CHECK(code_of(task(3)) == ec::draining);
}

CAF_TEST(what publishes already is not handed back) {
  admit(task(1));
  aut.asks(task(1).id);
  aut.granted(task(1).id);
  CAF_CHECK(aut.hand_back().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
