#define CAF_SUITE job

#include "actors/job.hpp"

#include "tests/actors/fixture.hpp"
#include "tests/actors/samples.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// What the COORDINATOR was told, by a stub in its place.
struct told_coordinator {
  std::vector<uint32_t> ready;
  std::vector<job_report> ended;
};

coordinator_actor::behavior_type coordinator_stub(coordinator_actor::pointer,
                                                  told_coordinator* to) {
  return {
      [](atom::submit, const job_spec&) { return job_id{}; },
      [](atom::get, const job_id&) { return job_report{}; },
      [](atom::watch, const job_id&, const observer_actor&) {},
      [](atom::cancel, const job_id& id) { return id; },
      [](atom::enlist, const placed_worker&) {},
      [=](atom::ready, const job_id&, uint32_t task, uint32_t) {
        to->ready.push_back(task);
      },
      [=](atom::ended, const job_report& x) { to->ended.push_back(x); },
  };
}

/// A CAPABILITY_PROBE that knows what works.
struct known_encoders {
  std::vector<std::string> working;
  std::vector<std::string> asked;
  std::optional<failure> refusal;
};

capability_probe_actor::behavior_type
probe_stub(capability_probe_actor::pointer, known_encoders* to) {
  return {
      [=](atom::probe,
          const std::string& name) -> caf::result<encoder_capability> {
        to->asked.push_back(name);
        if (to->refusal)
          return to_caf(*to->refusal);
        encoder_capability result;
        result.name = name;
        result.reason = "no device";
        for (const auto& x : to->working)
          result.works = result.works || x == name;
        return result;
      },
      [](atom::describe) { return profile{}; },
      [](atom::event) {},
      [](atom::tick) {},
  };
}

struct fixture : actor_fixture {
  told_coordinator company;
  told_worker heard;
  known_encoders known{{"libx264", "libx265", "libsvtav1"}, {}, {}};
  std::vector<job_report> seen;
  coordinator_actor coordinator = track(sys.spawn(coordinator_stub, &company));
  worker_actor worker = track(sys.spawn(worker_stub, &heard));
  capability_probe_actor probe = track(sys.spawn(probe_stub, &known));
  observer_actor observer = track(sys.spawn(observer_stub, &seen));
  job_spec spec;
  job_actor aut;

  fixture() {
    spec.input = "in.mp4";
    spec.output = folder / "out.mp4";
    spec.what.codec = "h264";
  }

  void start() {
    job_report first;
    first.id = make_job_id(1, 2, 3);
    first.spec = spec;
    aut = track(sys.spawn(job, coordinator, first));
    caf::anon_send(aut, atom::watch_v, observer);
    sched.run();
  }

  template <class... Ts>
  void tell(Ts&&... xs) {
    caf::anon_send(aut, std::forward<Ts>(xs)...);
    sched.run();
  }

  void place(uint32_t task) {
    tell(atom::place_v, task, placed_worker{"alpha", worker, probe, 1, 2});
  }

  attempt_id attempt(uint32_t task) { return {make_job_id(1, 2, 3), task, 1}; }

  void finish_probe() {
    task_result result;
    result.id = attempt(0);
    result.media = sample_media();
    tell(atom::done_v, result);
  }

  /// Up to where the encode runs.
  void begin_encode() {
    start();
    place(0);
    finish_probe();
    CAF_REQUIRE_EQUAL(company.ready, (std::vector<uint32_t>{0, 1}));
    place(1);
    CAF_REQUIRE_EQUAL(heard.run.size(), 2u);
  }

  void finish_encode() {
    task_result result;
    result.id = attempt(1);
    result.report = good_report(heard.run.at(1).plan, "h264", 7);
    tell(atom::done_v, result);
  }

  /// The attempt is given up and nothing of it is left.
  void confirm_cancel(uint32_t task) {
    CAF_REQUIRE(!heard.cancelled.empty());
    CAF_CHECK(heard.cancelled.back() == attempt(task));
    tell(atom::failed_v, attempt(task),
         failure{ec::cancelled, "in.mp4", "cancelled", ""});
  }

  bool may_publish(const attempt_id& x) {
    auto pending = self->request(aut, caf::infinite, atom::publish_v, x);
    sched.run();
    auto result = false;
    pending.receive([&](bool granted) { result = granted; },
                    [&](const caf::error&) { CAF_FAIL("no answer"); });
    return result;
  }

  void check_ended(job_state state, ec code) {
    CAF_REQUIRE_EQUAL(company.ended.size(), 1u);
    const auto& last = company.ended[0];
    CAF_CHECK_EQUAL(std::string{to_string(last.state)},
                    std::string{to_string(state)});
    CAF_CHECK_EQUAL(std::string{to_string(last.error.code)},
                    std::string{to_string(code)});
    CAF_CHECK(last.finished_ms > 0);
    CAF_REQUIRE(!seen.empty());
    CAF_CHECK(seen.back().state == state);
  }

  bool still_open() { return company.ended.empty(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_tests, fixture)

CAF_TEST(a job goes through its states and every change is told) {
  begin_encode();
  task_progress figures;
  figures.id = attempt(1);
  figures.done = 0.5;
  tell(atom::progress_v, figures);
  figures.verifying = true;
  tell(atom::progress_v, figures);
  finish_encode();
  check_ended(job_state::completed, ec::none);
  std::vector<job_state> states;
  for (const auto& x : seen)
    if (states.empty() || states.back() != x.state)
      states.push_back(x.state);
  CAF_CHECK((states
             == std::vector<job_state>{job_state::queued, job_state::planning,
                                       job_state::running, job_state::verifying,
                                       job_state::completed}));
  const auto& result = company.ended[0].result;
  CAF_REQUIRE_EQUAL(result.outputs.size(), 1u);
  CAF_CHECK_EQUAL(result.outputs[0].path, spec.output);
  CAF_CHECK_EQUAL(result.frames, 50u);
  CAF_CHECK_EQUAL(heard.released.size(), 1u);
}

CAF_TEST(the plan holds the threads of the place unless the user said) {
  begin_encode();
  CAF_CHECK_EQUAL(heard.run[1].plan.outputs[0].streams[0].video.threads, 2u);
  CAF_CHECK_EQUAL(heard.run[1].outputs, std::vector<std::string>{spec.output});
}

CAF_TEST(the encoder is tried while the input is probed) {
  start();
  CAF_CHECK(known.asked.empty());
  place(0);
  CAF_CHECK(!known.asked.empty());
  CAF_CHECK(heard.run.at(0).kind == task_kind::probe);
}

CAF_TEST(a candidate that does not work gives way to the next) {
  spec.output = folder / "out.mkv";
  spec.what.codec = "av1";
  known.working = {"libaom-av1"};
  begin_encode();
  CAF_CHECK_EQUAL(known.asked,
                  (std::vector<std::string>{"libsvtav1", "libaom-av1"}));
  CAF_CHECK_EQUAL(heard.run[1].plan.outputs[0].streams[0].video.encoder,
                  "libaom-av1");
}

CAF_TEST(without an encoder that works the job fails and says why) {
  known.working.clear();
  start();
  place(0);
  CAF_CHECK(still_open());
  finish_probe();
  check_ended(job_state::failed, ec::encoder_unavailable);
  CAF_CHECK(company.ended[0].error.cause.find("no device")
            != std::string::npos);
  CAF_CHECK_EQUAL(heard.released.size(), 1u);
}

CAF_TEST(an encoder that nobody could try is told as it is) {
  known.refusal = failure{ec::session_unavailable, "x", "not there", ""};
  start();
  place(0);
  finish_probe();
  check_ended(job_state::failed, ec::session_unavailable);
}

CAF_TEST(a job without pictures asks for no encoder) {
  spec.what.codec = "copy";
  begin_encode();
  CAF_CHECK(known.asked.empty());
}

CAF_TEST(an input that cannot be planned for fails the job) {
  start();
  place(0);
  task_result empty;
  empty.id = attempt(0);
  tell(atom::done_v, empty);
  check_ended(job_state::failed, ec::bad_input);
}

CAF_TEST(a failed task fails the job) {
  begin_encode();
  tell(atom::failed_v, attempt(1),
       failure{ec::disk_full, "out.mp4", "no space", ""});
  check_ended(job_state::failed, ec::disk_full);
}

CAF_TEST(what an attempt says that does not run changes nothing) {
  begin_encode();
  auto stale = attempt(1);
  stale.number = 2;
  tell(atom::failed_v, stale, failure{ec::internal, "", "", ""});
  tell(atom::failed_v, attempt(0), failure{ec::internal, "", "", ""});
  task_result late;
  late.id = stale;
  tell(atom::done_v, late);
  CAF_CHECK(still_open());
  CAF_CHECK(!may_publish(stale));
}

CAF_TEST(leave to publish is given once) {
  begin_encode();
  CAF_CHECK(may_publish(attempt(1)));
  CAF_CHECK(!may_publish(attempt(1)));
}

CAF_TEST(figures are told at most four times a second) {
  begin_encode();
  auto before = seen.size();
  task_progress figures;
  figures.id = attempt(1);
  for (int i = 0; i < 100; ++i) {
    figures.done = 0.001 * i;
    tell(atom::progress_v, figures);
    sched.advance_time(50ms);
  }
  CAF_CHECK(seen.size() - before >= 19);
  CAF_CHECK(seen.size() - before <= 21);
}

// -- cancel, in every state ---------------------------------------------------

CAF_TEST(a queued job is cancelled at once) {
  start();
  tell(atom::cancel_v);
  check_ended(job_state::cancelled, ec::cancelled);
  place(0);
  CAF_CHECK(heard.run.empty());
}

CAF_TEST(a job that probes is cancelled when the worker confirms) {
  start();
  place(0);
  tell(atom::cancel_v);
  CAF_CHECK(still_open());
  confirm_cancel(0);
  check_ended(job_state::cancelled, ec::cancelled);
}

CAF_TEST(a probe that ended before its cancel arrived is no encode) {
  start();
  place(0);
  tell(atom::cancel_v);
  finish_probe();
  check_ended(job_state::cancelled, ec::cancelled);
  CAF_CHECK_EQUAL(company.ready.size(), 1u);
  CAF_CHECK_EQUAL(heard.released.size(), 1u);
}

CAF_TEST(a planned job that waits for its place is cancelled at once) {
  start();
  place(0);
  finish_probe();
  tell(atom::cancel_v);
  check_ended(job_state::cancelled, ec::cancelled);
  CAF_CHECK_EQUAL(heard.released.size(), 1u);
}

CAF_TEST(a running job is cancelled when the worker confirms) {
  begin_encode();
  tell(atom::cancel_v);
  tell(atom::cancel_v);
  CAF_CHECK(still_open());
  CAF_CHECK_EQUAL(heard.cancelled.size(), 1u);
  CAF_CHECK(!may_publish(attempt(1)));
  confirm_cancel(1);
  check_ended(job_state::cancelled, ec::cancelled);
}

CAF_TEST(a job whose result was published before its cancel is completed) {
  begin_encode();
  CAF_CHECK(may_publish(attempt(1)));
  tell(atom::cancel_v);
  finish_encode();
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(an ended job cannot be cancelled) {
  begin_encode();
  finish_encode();
  tell(atom::cancel_v);
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(a worker that never confirms a cancel holds nobody up for ever) {
  begin_encode();
  tell(atom::cancel_v);
  pass(29s);
  CAF_CHECK(still_open());
  pass(2s);
  check_ended(job_state::cancelled, ec::cancelled);
}

// -- other ends ---------------------------------------------------------------

CAF_TEST(a job past its time limit is given up) {
  spec.timeout_s = 100;
  begin_encode();
  pass(99s);
  CAF_CHECK(heard.cancelled.empty());
  pass(2s);
  CAF_CHECK(still_open());
  confirm_cancel(1);
  check_ended(job_state::failed, ec::time_limit);
}

CAF_TEST(time in the queue does not count against the limit) {
  spec.timeout_s = 100;
  start();
  pass(200s);
  CAF_CHECK(still_open());
}

CAF_TEST(a limit that passes while a cancel is on its way changes nothing) {
  spec.timeout_s = 100;
  begin_encode();
  pass(99s);
  tell(atom::cancel_v);
  pass(2s);
  CAF_CHECK(still_open());
  confirm_cancel(1);
  check_ended(job_state::cancelled, ec::cancelled);
}

CAF_TEST(a job whose worker is gone fails) {
  begin_encode();
  caf::anon_send_exit(worker, caf::exit_reason::kill);
  sched.run();
  check_ended(job_state::failed, ec::worker_lost);
  CAF_CHECK_EQUAL(company.ended[0].error.subject, "alpha");
}

CAF_TEST(a worker that refuses a task fails the job) {
  heard.full = true;
  start();
  place(0);
  check_ended(job_state::failed, ec::internal);
}

CAF_TEST(whoever watches late hears how the job stands) {
  begin_encode();
  finish_encode();
  std::vector<job_report> late;
  auto other = track(sys.spawn(observer_stub, &late));
  tell(atom::watch_v, other);
  CAF_REQUIRE_EQUAL(late.size(), 1u);
  CAF_CHECK(late[0].state == job_state::completed);
}

CAF_TEST(an ended job goes when it is released or its coordinator is gone) {
  begin_encode();
  finish_encode();
  CAF_CHECK(!dead(aut));
  tell(atom::release_v);
  CAF_CHECK(dead(aut));
}

CAF_TEST(a job does not outlive its coordinator) {
  begin_encode();
  caf::anon_send_exit(coordinator, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(dead(aut));
}

CAF_TEST_FIXTURE_SCOPE_END()
