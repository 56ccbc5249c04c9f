#define CAF_SUITE company

#include <csignal>

#include "actors/capability_probe.hpp"
#include "actors/coordinator.hpp"
#include "actors/encoder.hpp"
#include "actors/wall_clock.hpp"
#include "actors/worker.hpp"
#include "tests/actors/coordinator_side.hpp"
#include "tests/actors/samples.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

using names = std::set<std::string>;

/// All actors as a node has them; only the sessions are models.
struct fixture : actor_fixture {
  std::vector<job_report> seen;
  capability_probe_actor probe = track(sys.spawn(
      capability_probe,
      capability_probe_config{sessions.starter(), {}, folder.path()}));
  worker_actor slots = track(sys.spawn(worker, worker_config{1, spawner()}));
  told_journal written;
  journal_actor journal = track(sys.spawn(journal_stub, &written));
  std::vector<member> rows;
  membership_actor membership = track(sys.spawn(member_stub, &rows));
  coordinator_actor aut = track(sys.spawn(coordinator, config()));
  observer_actor observer = track(sys.spawn(observer_stub, &seen));

  fixture() {
    sessions.script = good_session("h264");
    join_request request;
    request.card.key = {"local", 1};
    request.card.slots = 1;
    request.membership = membership;
    request.place.push_back({request.card.key, slots, probe, 1, 2});
    auto pending = self->request(aut, caf::infinite, atom::join_v, request);
    sched.run();
    pending.receive([](const welcome&) {},
                    [](const caf::error&) { CAF_FAIL("not let in"); });
    sched.run();
  }

  /// One try, plain paths: as one process with one job has it.
  coordinator_config config() {
    coordinator_config result;
    result.journal = journal;
    result.retries.attempts = 1;
    result.rooted_paths = false;
    result.wall_ms = unix_ms;
    result.random = [n = uint64_t{0}]() mutable { return ++n; };
    return result;
  }

  encoder_spawner spawner() {
    return [this](const worker_actor& parent) {
      return sys.spawn(encoder, parent, encoder_config{sessions.starter(), {}});
    };
  }

  job_spec spec(const std::string& name, uint32_t priority = 5) {
    job_spec result;
    result.input = folder.write(name + ".in", "media");
    result.output = folder / (name + ".mp4");
    result.what.codec = "h264";
    result.priority = priority;
    return result;
  }

  /// Submits without letting anybody act on it yet.
  job_id submit(const job_spec& what) {
    auto pending = self->request(aut, caf::infinite, atom::submit_v,
                                 job_request{what, ""});
    while (!self->has_next_message())
      if (!sched.try_run_once())
        break;
    job_id result;
    pending.receive(
        [&](const job_id& x) { result = x; },
        [&](const caf::error& error) { CAF_FAIL(to_string(from_caf(error))); });
    caf::anon_send(aut, atom::watch_v, result, observer);
    return result;
  }

  const job_report& last() {
    CAF_REQUIRE(!seen.empty());
    return seen.back();
  }

  void check_failed(ec code) {
    CAF_CHECK_EQUAL(std::string{to_string(last().error.code)},
                    std::string{to_string(code)});
    CAF_CHECK(is_final(last().state));
    check_nothing_left();
  }

  void check_nothing_left() {
    CAF_CHECK_EQUAL(sessions.alive(), 0u);
    for (const auto& name : folder.names())
      CAF_CHECK(!name.ends_with(".partial"));
  }

  /// Sessions stop short of the end of an encode.
  void hold_encodes() {
    sessions.script = [](fake_session& x, const session::request& what) {
      if (!std::holds_alternative<session::encode_request>(what))
        good_session("h264")(x, what);
    };
  }

  fake_session& encoding() {
    for (const auto& x : sessions.all)
      if (x->alive && x->was_asked<session::encode_request>())
        return *x;
    CAF_FAIL("no session encodes");
    return sessions.last();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(company_tests, fixture)

CAF_TEST(a file is encoded and published with one slot) {
  submit(spec("a"));
  sched.run();
  CAF_CHECK(last().state == job_state::completed);
  CAF_CHECK_EQUAL(to_string(last().error), "none");
  CAF_CHECK_EQUAL(folder.read("a.mp4"), "encoded");
  CAF_CHECK((folder.names() == names{"a.in", "a.mp4"}));
  CAF_REQUIRE_EQUAL(last().result.outputs.size(), 1u);
  CAF_CHECK_EQUAL(last().result.outputs[0].size_bytes, 7u);
  CAF_CHECK_EQUAL(last().tasks.size(), 2u);
  CAF_CHECK_EQUAL(last().tasks[1].node, "local");
  check_nothing_left();
  // One for the job's two tasks, one to try the encoder.
  CAF_CHECK_EQUAL(sessions.all.size(), 2u);
}

CAF_TEST(a second job waits for the first by priority and then age) {
  hold_encodes();
  submit(spec("first"));
  sched.run();
  submit(spec("third", 7));
  submit(spec("second", 2));
  sched.run();
  CAF_CHECK((folder.names().contains("first.in")));
  sessions.script = good_session("h264");
  finish_encode(encoding(), "h264");
  sched.run();
  std::vector<std::string> finished;
  for (const auto& x : seen)
    if (x.state == job_state::completed)
      finished.push_back(x.spec.name);
  CAF_CHECK_EQUAL(finished, (std::vector<std::string>{"first.in", "second.in",
                                                      "third.in"}));
  check_nothing_left();
}

CAF_TEST(progress reaches whoever watches) {
  hold_encodes();
  submit(spec("a"));
  sched.run();
  CAF_CHECK(last().state == job_state::running);
  session::progress figures;
  figures.counters.position_s = 1;
  figures.counters.frames_encoded = 25;
  sched.advance_time(1s);
  encoding().say(figures);
  sched.run();
  CAF_CHECK(last().progress > 0.4);
  CAF_CHECK_EQUAL(last().live.counters.frames_encoded, 25u);
  figures.verifying = true;
  encoding().say(figures);
  sched.run();
  CAF_CHECK(last().state == job_state::verifying);
  finish_encode(encoding(), "h264");
  sched.run();
  CAF_CHECK(last().state == job_state::completed);
}

CAF_TEST(nothing is left of a cancelled job when its end is told) {
  hold_encodes();
  auto id = submit(spec("a"));
  sched.run();
  CAF_CHECK_EQUAL(folder.names().size(), 2u);
  caf::anon_send(aut, atom::cancel_v, id);
  while (!is_final(last().state)) {
    if (!sched.try_run_once())
      CAF_FAIL("nothing happens any more");
  }
  CAF_CHECK(last().state == job_state::cancelled);
  check_failed(ec::cancelled);
  CAF_CHECK((folder.names() == names{"a.in"}));
}

CAF_TEST(a crash fails the job and frees the slot for the next) {
  hold_encodes();
  submit(spec("a"));
  sched.run();
  encoding().die({0, SIGSEGV, "oh"});
  sched.run();
  check_failed(ec::session_crashed);
  sessions.script = good_session("h264");
  submit(spec("b"));
  sched.run();
  CAF_CHECK(last().state == job_state::completed);
  check_nothing_left();
}

CAF_TEST(a stall fails the job) {
  hold_encodes();
  submit(spec("a"));
  sched.run();
  pass(61s);
  check_failed(ec::stalled);
}

CAF_TEST(a time limit fails the job) {
  hold_encodes();
  auto limited = spec("a");
  limited.timeout_s = 10;
  submit(limited);
  sched.run();
  pass(11s);
  check_failed(ec::time_limit);
}

CAF_TEST(an output that exists fails the job before anything is encoded) {
  folder.write("a.mp4", "old");
  submit(spec("a"));
  sched.run();
  check_failed(ec::output_exists);
  CAF_CHECK_EQUAL(folder.read("a.mp4"), "old");
}

CAF_TEST(a profile is not in the way of a job) {
  sessions.script = {};
  self->request(probe, caf::infinite, atom::describe_v);
  sched.run();
  sessions.script = good_session("h264");
  submit(spec("a"));
  sched.run();
  CAF_CHECK(last().state == job_state::planning);
  pass(11s);
  CAF_CHECK(last().state == job_state::completed);
}

CAF_TEST(the end of the company leaves nothing) {
  hold_encodes();
  submit(spec("a"));
  sched.run();
  for (const auto& x : spawned)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  sched.run();
  check_nothing_left();
  CAF_CHECK((folder.names() == names{"a.in"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
