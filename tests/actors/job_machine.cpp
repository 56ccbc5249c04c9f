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
const job_id id{7, 8};
const node_key alpha{"alpha", 1};
const node_key beta{"beta", 2};
const retry_limits limits;

failure of(ec code) {
  return {code, "subject", "cause", "advice"};
}

remembered_job first() {
  remembered_job result;
  result.job.id = id;
  result.job.priority = 3;
  result.job.created_ms = 1;
  return result;
}

encode_plan some_plan() {
  encode_plan result;
  result.outputs.resize(1);
  return result;
}

struct fixture {
  job_machine machine{first()};

  attempt_id start(const node_key& node = alpha, uint64_t now_ms = 10) {
    return machine.start(machine.next_task(), node, now_ms);
  }

  void plan() {
    CAF_REQUIRE(machine.finish(start(), 11));
    machine.set_plan(some_plan(), 12);
  }

  attempt_id whole(const node_key& node = alpha) {
    if (!machine.plan())
      plan();
    return start(node, 20);
  }

  bool progress(const attempt_id& x, double done, bool verifying = false) {
    task_progress figures;
    figures.id = x;
    figures.done = done;
    figures.fps = 30;
    figures.verifying = verifying;
    return machine.progress(figures);
  }

  std::optional<retry_ruling> fail(const attempt_id& x, ec code) {
    return machine.failed(x, of(code), limits, 30);
  }

  /// Its worker had taken it.
  std::optional<retry_ruling> lose(const attempt_id& x) {
    machine.begun(x);
    return machine.lost(x, limits, 30);
  }

  task_report task(size_t i) { return machine.report().tasks.at(i); }

  /// The only attempt of a change.
  attempt_record written() {
    auto change = machine.take_change();
    CAF_REQUIRE_EQUAL(change.attempts.size(), 1u);
    return change.attempts[0];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_machine_tests, fixture)

// -- states -------------------------------------------------------------------

CAF_TEST(nothing follows a final state and no state follows itself) {
  for (auto from : all_states)
    for (auto to : all_states)
      if (is_final(from) || from == to)
        CAF_CHECK(!may_follow(from, to));
}

CAF_TEST(a job can end or be paused at any time before its end) {
  for (auto from : {queued, planning, running, assembling, verifying})
    for (auto to : {completed, failed, cancelled, paused})
      CAF_CHECK(may_follow(from, to));
}

CAF_TEST(no state before the end is skipped) {
  CAF_CHECK(!may_follow(queued, running));
  CAF_CHECK(!may_follow(queued, verifying));
  CAF_CHECK(!may_follow(planning, verifying));
  CAF_CHECK(!may_follow(planning, assembling));
  CAF_CHECK(!may_follow(verifying, assembling));
}

CAF_TEST(a job goes back only when its node went or its plan was dropped) {
  CAF_CHECK(may_follow(verifying, running));
  CAF_CHECK(may_follow(running, planning));
  CAF_CHECK(may_follow(verifying, planning));
  CAF_CHECK(may_follow(paused, queued));
  for (auto from : {planning, running, assembling, verifying})
    CAF_CHECK(!may_follow(from, queued));
}

CAF_TEST(a job goes from queued to completed) {
  CAF_CHECK(machine.report().state == queued);
  auto probing = start(alpha, 10);
  CAF_CHECK(machine.report().state == planning);
  CAF_CHECK(machine.finish(probing, 11));
  machine.set_plan(some_plan(), 12);
  CAF_CHECK(machine.report().state == planning);
  auto encoding = start(beta, 20);
  CAF_CHECK(machine.report().state == running);
  CAF_CHECK(progress(encoding, 0.5));
  CAF_CHECK_EQUAL(machine.report().progress, 0.5);
  CAF_CHECK_EQUAL(task(1).fps, 30.0);
  CAF_CHECK(progress(encoding, 0.5, true));
  CAF_CHECK(machine.report().state == verifying);
  CAF_CHECK(machine.finish(encoding, 29));
  job_result result;
  result.frames = 7;
  machine.complete(result, 30);
  CAF_CHECK(machine.ended());
  auto report = machine.report();
  CAF_CHECK(report.state == completed);
  CAF_CHECK_EQUAL(report.progress, 1.0);
  CAF_CHECK_EQUAL(report.result.frames, 7u);
  CAF_CHECK_EQUAL(report.started_ms, 10u);
  CAF_CHECK_EQUAL(report.finished_ms, 30u);
  CAF_CHECK_EQUAL(report.priority, 3u);
  CAF_CHECK_EQUAL(task(0).node, "alpha");
  CAF_CHECK_EQUAL(task(1).node, "beta");
  CAF_CHECK(task(1).state == task_state::done);
  CAF_CHECK_EQUAL(task(1).progress, 1.0);
}

CAF_TEST(an ended job cannot end again) {
  machine.fail(of(ec::stalled), 1);
  auto refused = false;
  try {
    machine.complete({}, 2);
  } catch (const std::logic_error&) {
    refused = true;
  }
  CAF_CHECK(refused);
  CAF_CHECK(machine.report().state == failed);
  CAF_CHECK_EQUAL(machine.report().finished_ms, 1u);
}

CAF_TEST(a plan without outputs is none) {
  auto from = first();
  from.plan.emplace();
  CAF_CHECK(!job_machine{from}.plan());
}

CAF_TEST(the next task is the probe and with a plan the whole) {
  CAF_CHECK_EQUAL(machine.next_task(), 0u);
  CAF_CHECK_EQUAL(machine.next_task(), 0u);
  plan();
  CAF_CHECK_EQUAL(machine.next_task(), 1u);
  CAF_CHECK(machine.tasks().tasks()[1].kind == task_kind::whole);
}

CAF_TEST(a job whose plan was dropped probes a second time) {
  auto from = first();
  from.record.state = verifying;
  attempt_record done;
  done.id = {id, 0, 1};
  done.end = attempt_end::done;
  attempt_record lost = done;
  lost.id = {id, 1, 1};
  lost.kind = task_kind::whole;
  lost.node = "alpha";
  lost.incarnation = 1;
  lost.end = attempt_end::none;
  from.attempts = {done, lost};
  machine = job_machine{from};
  CAF_CHECK(!machine.revive(lost.id, alpha, 5));
  CAF_CHECK(lose(lost.id).has_value());
  auto probe = start();
  CAF_CHECK((probe == attempt_id{id, 0, 2}));
  CAF_CHECK(machine.report().state == planning);
  CAF_CHECK(machine.finish(probe, 40));
}

// -- what is written ----------------------------------------------------------

CAF_TEST(a change has what was decided since the last one and nothing twice) {
  auto nothing = machine.take_change();
  CAF_CHECK(nothing.jobs.empty());
  auto probing = start();
  auto change = machine.take_change();
  CAF_REQUIRE_EQUAL(change.jobs.size(), 1u);
  CAF_CHECK(change.jobs[0].id == id);
  CAF_CHECK(change.jobs[0].state == planning);
  CAF_CHECK_EQUAL(change.jobs[0].started_ms, 10u);
  CAF_REQUIRE_EQUAL(change.attempts.size(), 1u);
  CAF_CHECK(change.attempts[0].id == probing);
  CAF_CHECK(change.attempts[0].end == attempt_end::none);
  CAF_REQUIRE_EQUAL(change.log.size(), 1u);
  CAF_CHECK(change.log[0].job == id);
  CAF_CHECK_EQUAL(change.log[0].text, "probe goes to alpha, attempt 1");
  machine.finish(probing, 11);
  machine.set_plan(some_plan(), 12);
  change = machine.take_change();
  CAF_CHECK(change.jobs.empty());
  CAF_REQUIRE_EQUAL(change.plans.size(), 1u);
  CAF_CHECK(change.plans[0].id == id);
  CAF_REQUIRE_EQUAL(change.attempts.size(), 1u);
  CAF_CHECK(change.attempts[0].end == attempt_end::done);
  change = machine.take_change();
  CAF_CHECK(change.jobs.empty() && change.plans.empty()
            && change.attempts.empty() && change.log.empty());
}

CAF_TEST(an attempt that changes twice in one go is written once as it is) {
  auto probing = start();
  lose(probing);
  machine.revive(probing, alpha, 31);
  CAF_CHECK(written().end == attempt_end::none);
}

CAF_TEST(figures are not written) {
  auto encoding = whole();
  machine.take_change();
  progress(encoding, 0.3);
  auto change = machine.take_change();
  CAF_CHECK(change.jobs.empty() && change.attempts.empty());
}

// -- figures ------------------------------------------------------------------

CAF_TEST(figures are taken only of attempts that run and are wanted) {
  auto encoding = whole();
  auto other = encoding;
  other.number = 2;
  CAF_CHECK(!progress(other, 0.9));
  machine.tasks().find(encoding)->unwanted = true;
  CAF_CHECK(!progress(encoding, 0.9));
  machine.tasks().find(encoding)->unwanted = false;
  lose(encoding);
  CAF_CHECK(!progress(encoding, 0.9));
  CAF_CHECK_EQUAL(machine.report().progress, 0.0);
}

CAF_TEST(of attempts that race the furthest one is shown) {
  auto slow = whole(alpha);
  auto fast = whole(beta);
  CAF_CHECK(progress(fast, 0.75));
  CAF_CHECK(progress(slow, 0.25));
  CAF_CHECK_EQUAL(machine.report().progress, 0.75);
  CAF_CHECK_EQUAL(task(1).node, "beta");
  CAF_CHECK(progress(slow, 0.25, true));
  CAF_CHECK(machine.report().state == running);
  lose(fast);
  CAF_CHECK_EQUAL(task(1).node, "alpha");
}

// -- publishing ---------------------------------------------------------------

CAF_TEST(leave to publish is written once) {
  auto encoding = whole();
  machine.take_change();
  CAF_CHECK(machine.grant(encoding, 25).granted);
  CAF_CHECK(written().granted);
  CAF_CHECK(machine.grant(encoding, 26).granted);
  auto change = machine.take_change();
  CAF_CHECK(change.attempts.empty() && change.log.empty());
}

CAF_TEST(nobody gets leave once a job is to be cancelled or has ended) {
  auto encoding = whole();
  machine.wish(job_wish::cancel, 25);
  CAF_CHECK(!machine.grant(encoding, 25).granted);
  machine.wish(job_wish::run, 26);
  machine.fail(of(ec::stalled), 27);
  CAF_CHECK(!machine.grant(encoding, 28).granted);
}

CAF_TEST(an end that comes second moves nothing) {
  auto one = whole(alpha);
  auto two = whole(beta);
  CAF_CHECK(machine.finish(one, 25));
  CAF_CHECK(!machine.finish(one, 25));
  CAF_CHECK(!machine.finish(two, 26));
  machine.complete({}, 27);
  CAF_CHECK(!machine.finish(two, 28));
}

CAF_TEST(with the job end all of its attempts) {
  auto one = whole(alpha);
  auto two = whole(beta);
  machine.finish(one, 25);
  machine.take_change();
  machine.complete({}, 27);
  auto change = machine.take_change();
  CAF_REQUIRE_EQUAL(change.attempts.size(), 1u);
  CAF_CHECK(change.attempts[0].id == two);
  CAF_CHECK(change.attempts[0].end == attempt_end::cancelled);
  CAF_CHECK(machine.tasks().alive().empty());
}

CAF_TEST(an attempt that may publish yet is lost when its job ends without it) {
  auto one = whole();
  machine.grant(one, 25);
  machine.take_change();
  machine.fail(of(ec::cancelled), 30);
  CAF_CHECK(written().end == attempt_end::lost);
}

// -- failures -----------------------------------------------------------------

CAF_TEST(a failure that may pass is followed by another attempt) {
  auto one = whole();
  machine.take_change();
  auto ruling = fail(one, ec::io_error);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->what == retry_ruling::verdict::again);
  CAF_CHECK(ruling->elsewhere);
  auto change = machine.take_change();
  CAF_REQUIRE_EQUAL(change.attempts.size(), 1u);
  CAF_CHECK(change.attempts[0].end == attempt_end::failed);
  CAF_CHECK(change.attempts[0].code == ec::io_error);
  CAF_REQUIRE_EQUAL(change.jobs.size(), 1u);
  CAF_CHECK_EQUAL(change.jobs[0].tries, 1u);
  CAF_CHECK(task(1).state == task_state::waiting);
  CAF_CHECK_EQUAL(whole().number, 2u);
}

CAF_TEST(failures and crashes count over all of a job and its reigns) {
  auto from = first();
  from.record.tries = 2;
  from.record.crashes = 1;
  machine = job_machine{from};
  auto ruling = fail(start(), ec::io_error);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->what == retry_ruling::verdict::give_up);
  CAF_CHECK_EQUAL(machine.record().tries, 3u);
  from.record.tries = 0;
  from.record.crashes = 2;
  machine = job_machine{from};
  ruling = fail(start(), ec::session_crashed);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->error.code == ec::poison);
}

CAF_TEST(refusals are waited for longer until something runs) {
  auto one = whole();
  CAF_CHECK(fail(one, ec::no_slot)->delay == std::chrono::milliseconds{100});
  auto two = whole();
  CAF_CHECK(fail(two, ec::no_slot)->delay == std::chrono::milliseconds{200});
  auto three = whole();
  progress(three, 0.1);
  CAF_CHECK(fail(three, ec::handed_back)->delay
            == std::chrono::milliseconds{100});
  CAF_CHECK_EQUAL(machine.record().tries, 0u);
}

CAF_TEST(the failure of one that races waits for the other) {
  auto one = whole(alpha);
  auto two = whole(beta);
  CAF_CHECK(!fail(one, ec::io_error));
  CAF_CHECK_EQUAL(machine.record().tries, 1u);
  CAF_CHECK(fail(two, ec::io_error).has_value());
}

CAF_TEST(one that was told to go is nobody to wait for) {
  auto one = whole(alpha);
  auto two = whole(beta);
  machine.tasks().find(one)->unwanted = true;
  CAF_CHECK(fail(two, ec::io_error).has_value());
  auto three = whole(beta);
  CAF_CHECK(lose(three).has_value());
  CAF_CHECK(!fail(one, ec::cancelled));
}

CAF_TEST(a permanent failure is everybody s) {
  auto one = whole(alpha);
  whole(beta);
  auto ruling = fail(one, ec::bad_input);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->what == retry_ruling::verdict::give_up);
  CAF_CHECK(ruling->error.code == ec::bad_input);
}

CAF_TEST(how one ends that is not wanted moves and counts nothing) {
  auto one = whole();
  machine.tasks().find(one)->unwanted = true;
  machine.take_change();
  CAF_CHECK(!fail(one, ec::session_crashed));
  CAF_CHECK_EQUAL(machine.record().tries, 0u);
  CAF_CHECK(written().end == attempt_end::failed);
  auto two = whole();
  machine.tasks().find(two)->unwanted = true;
  CAF_CHECK(!lose(two));
  CAF_CHECK(machine.record().lost_nodes.empty());
}

CAF_TEST(a failure after the job s end is not heard) {
  auto one = whole();
  machine.fail(of(ec::time_limit), 25);
  machine.take_change();
  CAF_CHECK(!fail(one, ec::io_error));
  CAF_CHECK(!lose(one));
  CAF_CHECK(!machine.revive(one, alpha, 26));
  CAF_CHECK(machine.take_change().attempts.empty());
}

CAF_TEST(an attempt that an earlier reign cancelled does not cancel the job) {
  auto one = whole();
  auto ruling = fail(one, ec::cancelled);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->what == retry_ruling::verdict::again);
  CAF_CHECK_EQUAL(machine.record().tries, 0u);
  CAF_CHECK(machine.tasks().find(one)->record.end == attempt_end::cancelled);
}

// -- losses -------------------------------------------------------------------

CAF_TEST(a lost node counts towards poison only) {
  auto one = whole();
  machine.take_change();
  auto ruling = lose(one);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->what == retry_ruling::verdict::again);
  CAF_CHECK(ruling->delay == std::chrono::milliseconds{0});
  auto change = machine.take_change();
  CAF_CHECK(change.attempts.at(0).end == attempt_end::lost);
  CAF_CHECK(change.attempts.at(0).code == ec::worker_lost);
  CAF_CHECK_EQUAL(change.jobs.at(0).lost_nodes,
                  std::vector<std::string>{"alpha"});
  CAF_CHECK_EQUAL(change.jobs.at(0).tries, 0u);
}

CAF_TEST(an attempt that no worker had taken counts for nothing) {
  for (int i = 0; i < 5; ++i) {
    auto ruling = machine.lost(whole(), limits, 30);
    CAF_REQUIRE(ruling);
    CAF_CHECK(ruling->what == retry_ruling::verdict::again);
  }
  CAF_CHECK(machine.record().lost_nodes.empty());
}

CAF_TEST(a worker that does not answer is as lost as one whose node is) {
  auto one = whole();
  auto ruling = fail(one, ec::worker_lost);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->delay == std::chrono::milliseconds{0});
  CAF_CHECK(machine.tasks().find(one)->record.end == attempt_end::lost);
  CAF_CHECK_EQUAL(machine.record().lost_nodes.size(), 1u);
}

CAF_TEST(three lost nodes are poison and one that came back is none) {
  auto one = whole();
  lose(one);
  auto two = whole();
  lose(two);
  CAF_CHECK(machine.revive(one, alpha, 31));
  CAF_CHECK_EQUAL(machine.record().lost_nodes.size(), 1u);
  auto three = whole(beta);
  CAF_CHECK(!lose(three)); // the first still runs
  auto ruling = lose(one);
  CAF_REQUIRE(ruling);
  CAF_CHECK(ruling->what == retry_ruling::verdict::give_up);
  CAF_CHECK(ruling->error.code == ec::poison);
}

CAF_TEST(an awaited attempt that is adopted was never lost) {
  auto from = first();
  from.record.state = planning;
  from.record.lost_nodes = {"alpha"};
  attempt_record probing;
  probing.id = {id, 0, 1};
  probing.node = "alpha";
  probing.incarnation = 1;
  from.attempts = {probing};
  machine = job_machine{from};
  CAF_CHECK(machine.revive(probing.id, alpha, 5));
  CAF_CHECK_EQUAL(machine.record().lost_nodes.size(), 1u);
  CAF_CHECK(task(0).state == task_state::running);
}

// -- wishes -------------------------------------------------------------------

CAF_TEST(a pause shows once nothing runs any more) {
  auto probing = start();
  machine.wish(job_wish::pause, 11);
  machine.settle_pause();
  CAF_CHECK(machine.report().state == planning);
  machine.finish(probing, 12);
  machine.set_plan(some_plan(), 12);
  machine.take_change();
  machine.settle_pause();
  CAF_CHECK(machine.report().state == paused);
  CAF_CHECK(machine.take_change().jobs.at(0).state == paused);
  machine.wish(job_wish::run, 13);
  machine.settle_pause();
  CAF_CHECK(machine.report().state == running);
}

CAF_TEST(a job that goes on is what it was) {
  machine.wish(job_wish::pause, 1);
  machine.settle_pause();
  CAF_CHECK(machine.report().state == paused);
  machine.wish(job_wish::run, 2);
  machine.settle_pause();
  CAF_CHECK(machine.report().state == queued);
  lose(start());
  machine.wish(job_wish::pause, 3);
  machine.settle_pause();
  machine.wish(job_wish::run, 4);
  machine.settle_pause();
  CAF_CHECK(machine.report().state == planning);
}

CAF_TEST(a wish is written once and an ended job has none) {
  machine.wish(job_wish::pause, 1);
  auto change = machine.take_change();
  CAF_CHECK(change.jobs.at(0).wish == job_wish::pause);
  CAF_CHECK_EQUAL(change.log.at(0).text, "to pause");
  machine.wish(job_wish::pause, 2);
  CAF_CHECK(machine.take_change().jobs.empty());
  machine.fail(of(ec::cancelled), 3);
  machine.settle_pause();
  CAF_CHECK(machine.report().state == cancelled);
}

CAF_TEST(a node that a job is bound to is written with a line) {
  machine.pin("beta", 1);
  auto change = machine.take_change();
  CAF_CHECK_EQUAL(change.jobs.at(0).node, "beta");
  CAF_CHECK_EQUAL(change.log.at(0).text, "to move to beta");
  machine.pin("beta", 2);
  CAF_CHECK(machine.take_change().jobs.empty());
  machine.pin("", 3);
  CAF_CHECK(machine.take_change().log.at(0).text.find("beta is gone")
            != std::string::npos);
}

// -- reports ------------------------------------------------------------------

CAF_TEST(a job that queues is told as it was handed in) {
  auto from = first();
  from.job.request.spec.input = "in";
  auto report = queued_report(from.job);
  CAF_CHECK(report.id == id);
  CAF_CHECK_EQUAL(report.spec.input, "in");
  CAF_CHECK_EQUAL(report.priority, 3u);
  CAF_CHECK_EQUAL(report.created_ms, 1u);
  CAF_CHECK(report.state == queued);
  CAF_CHECK(report.tasks.empty());
}

CAF_TEST(a failed task fails the job with its error) {
  auto encoding = whole();
  fail(encoding, ec::disk_full);
  machine.fail(of(ec::disk_full), 40);
  CAF_CHECK(machine.report().state == failed);
  CAF_CHECK(machine.report().error.code == ec::disk_full);
  CAF_CHECK_EQUAL(machine.report().finished_ms, 40u);
  CAF_CHECK(task(0).state == task_state::done);
  CAF_CHECK(task(1).state == task_state::failed);
}

CAF_TEST(a cancelled job cancels what runs and what waits) {
  start();
  machine.fail(of(ec::cancelled), 40);
  CAF_CHECK(machine.report().state == cancelled);
  CAF_CHECK(task(0).state == task_state::cancelled);
  CAF_CHECK_EQUAL(task(0).attempt, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
