#define CAF_SUITE job_machine

#include "actors/job_machine.hpp"

#include <stdexcept>
#include <vector>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

using enum job_state;

const std::vector<job_state> all_states{queued,     planning,  running,
                                        assembling, verifying, completed,
                                        failed,     cancelled, paused};

struct fixture {
  job_machine machine{first()};

  static job_report first() {
    job_report result;
    result.id = make_job_id(1, 2, 3);
    return result;
  }

  attempt_id probe() {
    return machine.start(machine.add(task_kind::probe), "alpha", 10);
  }

  attempt_id whole() {
    machine.finish(probe());
    return machine.start(machine.add(task_kind::whole), "alpha", 20);
  }

  const task_report& task(size_t i) { return machine.report().tasks.at(i); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_machine_tests, fixture)

CAF_TEST(nothing follows a final state and no state follows itself) {
  for (auto from : all_states)
    for (auto to : all_states)
      if (is_final(from) || from == to)
        CAF_CHECK(!may_follow(from, to));
}

CAF_TEST(a job can fail or be cancelled or paused at any time before its end) {
  for (auto from : {queued, planning, running, assembling, verifying}) {
    CAF_CHECK(may_follow(from, failed));
    CAF_CHECK(may_follow(from, cancelled));
    CAF_CHECK(may_follow(from, paused));
  }
}

CAF_TEST(no state before the end is skipped or run through backwards) {
  CAF_CHECK(!may_follow(queued, running));
  CAF_CHECK(!may_follow(queued, completed));
  CAF_CHECK(!may_follow(planning, completed));
  CAF_CHECK(!may_follow(planning, verifying));
  CAF_CHECK(!may_follow(running, planning));
  CAF_CHECK(!may_follow(verifying, running));
  CAF_CHECK(!may_follow(assembling, completed));
}

CAF_TEST(a job goes from queued to completed) {
  CAF_CHECK(machine.report().state == queued);
  auto probing = probe();
  CAF_CHECK(machine.report().state == planning);
  CAF_CHECK(machine.finish(probing));
  CAF_CHECK(machine.report().state == planning);
  auto encoding = machine.start(machine.add(task_kind::whole), "beta", 20);
  CAF_CHECK(machine.report().state == running);
  task_progress figures;
  figures.id = encoding;
  figures.done = 0.5;
  figures.fps = 30;
  CAF_CHECK(machine.progress(figures));
  CAF_CHECK_EQUAL(machine.report().progress, 0.5);
  CAF_CHECK_EQUAL(task(1).fps, 30.0);
  figures.verifying = true;
  CAF_CHECK(machine.progress(figures));
  CAF_CHECK(machine.report().state == verifying);
  CAF_CHECK(machine.finish(encoding));
  job_result result;
  result.frames = 7;
  machine.complete(result, 30);
  CAF_CHECK(machine.ended());
  CAF_CHECK(machine.report().state == completed);
  CAF_CHECK_EQUAL(machine.report().progress, 1.0);
  CAF_CHECK_EQUAL(machine.report().result.frames, 7u);
  CAF_CHECK_EQUAL(machine.report().started_ms, 10u);
  CAF_CHECK_EQUAL(machine.report().finished_ms, 30u);
  CAF_CHECK_EQUAL(task(0).node, "alpha");
  CAF_CHECK_EQUAL(task(1).node, "beta");
  CAF_CHECK(task(1).state == task_state::done);
}

CAF_TEST(attempts of a task are numbered from one) {
  auto attempt = probe();
  CAF_CHECK(attempt == (attempt_id{machine.report().id, 0, 1}));
  CAF_CHECK_EQUAL(task(0).attempt, 1u);
}

CAF_TEST(only a task that waits can be placed) {
  CAF_CHECK(!machine.waits(0));
  auto index = machine.add(task_kind::probe);
  CAF_CHECK(machine.waits(index));
  machine.start(index, "alpha", 1);
  CAF_CHECK(!machine.waits(index));
  CAF_CHECK(!machine.waits(99));
}

CAF_TEST(figures of an attempt that does not run are not taken) {
  auto encoding = whole();
  task_progress figures;
  figures.id = encoding;
  figures.id.number = 2;
  figures.done = 0.9;
  CAF_CHECK(!machine.progress(figures));
  CAF_CHECK_EQUAL(machine.report().progress, 0.0);
  CAF_CHECK(!machine.finish(figures.id));
  CAF_CHECK(machine.running() == encoding);
}

CAF_TEST(leave to publish is given once and to the running attempt only) {
  auto encoding = whole();
  auto stale = encoding;
  stale.number = 7;
  CAF_CHECK(!machine.grant(stale));
  CAF_CHECK(machine.grant(encoding));
  CAF_CHECK(!machine.grant(encoding));
}

CAF_TEST(a failed task fails the job with its error) {
  whole();
  machine.fail({ec::disk_full, "out.mp4", "no space", "free some"}, 40);
  CAF_CHECK(machine.report().state == failed);
  CAF_CHECK(machine.report().error.code == ec::disk_full);
  CAF_CHECK(task(0).state == task_state::done);
  CAF_CHECK(task(1).state == task_state::failed);
  CAF_CHECK(!machine.running());
}

CAF_TEST(a cancelled job cancels what runs and what waits) {
  probe();
  machine.add(task_kind::whole);
  machine.fail({ec::cancelled, "in", "cancelled", ""}, 40);
  CAF_CHECK(machine.report().state == cancelled);
  CAF_CHECK(task(0).state == task_state::cancelled);
  CAF_CHECK(task(1).state == task_state::cancelled);
  CAF_CHECK(!machine.grant({machine.report().id, 0, 1}));
}

CAF_TEST(an ended job cannot end again) {
  machine.fail({ec::stalled, "", "", ""}, 1);
  CAF_CHECK_EQUAL(machine.report().finished_ms, 1u);
  auto refused = false;
  try {
    machine.complete({}, 2);
  } catch (const std::logic_error&) {
    refused = true;
  }
  CAF_CHECK(refused);
  CAF_CHECK(machine.report().state == failed);
}

CAF_TEST_FIXTURE_SCOPE_END()
