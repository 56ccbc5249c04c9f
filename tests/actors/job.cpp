#define CAF_SUITE job

#include "actors/job.hpp"

#include "tests/actors/coordinator_side.hpp"
#include "tests/actors/samples.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// What the COORDINATOR was told, by a stub in its place.
struct told_coordinator {
  std::vector<task_needs> ready;
  std::vector<node_key> vacated;
  std::vector<failure> ends; ///< of attempts, for quarantine
  std::vector<job_summary> rows;
  std::vector<job_report> ended;
};

coordinator_actor::behavior_type coordinator_stub(coordinator_actor::pointer,
                                                  told_coordinator* to) {
  return {
      [](atom::submit, const job_request&) { return job_id{}; },
      [](atom::get, const job_id&) { return job_report{}; },
      [](atom::watch, const job_id&, const observer_actor&) {},
      [](atom::cancel, const job_id& id) { return id; },
      [](atom::pause, const job_id& id) { return id; },
      [](atom::resume, const job_id& id) { return id; },
      [](atom::retry, const job_id& id) { return id; },
      [](atom::migrate, const job_id& id, const std::string&) { return id; },
      [](atom::forget, const job_id& id) { return id; },
      [](atom::list, const job_query&) { return std::vector<job_summary>{}; },
      [](atom::logs, const job_id&) { return std::vector<log_line>{}; },
      [](atom::nodes) { return std::vector<member>{}; },
      [](atom::caps, const std::string&) { return profile{}; },
      [](atom::drain, const std::string& x) { return x; },
      [](atom::undrain, const std::string& x) { return x; },
      [](atom::join, const join_request&) { return welcome{}; },
      [](atom::status, const node_key&, const node_load&) {},
      [](atom::describe, const node_key&, const profile&) {},
      [](atom::drain, const node_key&) {},
      [](atom::leave, const node_key&) {},
      [=](atom::ready, const job_id&, const task_needs& x) {
        to->ready.push_back(x);
      },
      [=](atom::vacate, const job_id&, const node_key& x) {
        to->vacated.push_back(x);
      },
      [=](atom::done, const node_key&, const failure& x) {
        to->ends.push_back(x);
      },
      [=](atom::update, const job_summary& x) { to->rows.push_back(x); },
      [=](atom::ended, const job_report& x) { to->ended.push_back(x); },
      [](atom::place) {},
      [](atom::reign) {},
      [](atom::tick) {},
  };
}

const job_id id{7, 8};
constexpr uint64_t epoch = 4;

struct fixture : actor_fixture {
  told_coordinator company;
  told_journal written;
  std::vector<job_report> seen;
  coordinator_actor coordinator = track(sys.spawn(coordinator_stub, &company));
  journal_actor journal = track(sys.spawn(journal_stub, &written));
  observer_actor observer = track(sys.spawn(observer_stub, &seen));
  node_stub alpha{*this, "alpha"};
  node_stub beta{*this, "beta"};
  remembered_job from;
  retry_limits retries;
  uint64_t now_ms = 1'000'000;
  job_actor aut;

  fixture() {
    auto& spec = from.job.request.spec;
    spec.input = "media:/in.mp4";
    spec.output = "media:/out.mp4";
    spec.what.codec = "h264";
    from.job.id = id;
    from.record.id = id;
  }

  job_spec& spec() { return from.job.request.spec; }

  void start() {
    aut = track(sys.spawn(job,
                          job_config{coordinator, journal, epoch, retries,
                                     [this] { return now_ms; }},
                          from));
    caf::anon_send(aut, atom::watch_v, observer);
    sched.run();
  }

  template <class... Ts>
  void tell(Ts&&... xs) {
    caf::anon_send(aut, std::forward<Ts>(xs)...);
    sched.run();
  }

  /// What a client hears.
  template <class... Ts>
  ec ask(Ts&&... xs) {
    auto pending = self->request(aut, caf::infinite, std::forward<Ts>(xs)...);
    sched.run();
    auto result = ec::internal;
    pending.receive([&](const job_id&) { result = ec::none; },
                    [&](const caf::error& e) { result = from_caf(e).code; });
    return result;
  }

  void durable() {
    while (!written.waiting.empty()) {
      caf::anon_send(journal, atom::tick_v);
      sched.run();
    }
  }

  void place(node_stub& where, uint32_t task) {
    tell(atom::place_v, task, where.place());
  }

  attempt_id probe(uint32_t number = 1) { return {id, 0, number}; }
  attempt_id whole(uint32_t number = 1) { return {id, 1, number}; }

  void finish_probe(uint32_t number = 1) {
    task_result result;
    result.id = probe(number);
    result.media = sample_media();
    tell(atom::done_v, result);
  }

  void finish_whole(uint32_t number = 1) {
    task_result result;
    result.id = whole(number);
    result.report.outputs.resize(1);
    result.report.outputs[0].size_bytes = 7;
    tell(atom::done_v, result);
  }

  void fail(const attempt_id& attempt, ec code) {
    tell(atom::failed_v, attempt, failure{code, "x", "y", ""});
  }

  /// Up to where the encode runs on alpha.
  void begin_encode() {
    start();
    place(alpha, 0);
    finish_probe();
    place(alpha, 1);
    CAF_REQUIRE_EQUAL(alpha.heard.run.size(), 2u);
  }

  /// And races on beta, as alpha was lost and came back.
  void begin_race() {
    begin_encode();
    tell(atom::lost_v, alpha.key);
    place(beta, 1);
    CAF_REQUIRE_EQUAL(beta.heard.run.size(), 1u);
    come_back(alpha, whole(), attempt_stage::running);
  }

  void come_back(node_stub& where, const attempt_id& attempt,
                 attempt_stage stage) {
    held_attempt held;
    held.spec.id = attempt;
    held.stage = stage;
    held.progress.id = attempt;
    tell(atom::returned_v, held, where.place());
    tell(atom::reign_v, where.place());
  }

  void progress(const attempt_id& attempt, double done) {
    task_progress figures;
    figures.id = attempt;
    figures.done = done;
    tell(atom::progress_v, figures);
  }

  /// The job as a restarted coordinator finds it: its probe runs, or with a
  /// plan its whole does.
  void remember(bool with_plan, bool granted = false) {
    from.record.state = with_plan ? job_state::running : job_state::planning;
    from.record.started_ms = now_ms - 1000;
    attempt_record probing;
    probing.id = probe();
    probing.node = "alpha";
    probing.incarnation = 1;
    from.attempts = {probing};
    if (!with_plan)
      return;
    from.plan = encoding_plan("libx264");
    from.attempts[0].end = attempt_end::done;
    auto running = probing;
    running.id = whole();
    running.kind = task_kind::whole;
    running.granted = granted;
    from.attempts.push_back(running);
  }

  std::optional<publish_grant> may_publish(const attempt_id& attempt) {
    std::optional<publish_grant> result;
    auto pending = self->request(aut, caf::infinite, atom::publish_v, attempt);
    sched.run();
    if (!self->has_next_message())
      durable();
    pending.receive([&](const publish_grant& x) { result = x; },
                    [&](const caf::error&) {});
    return result;
  }

  void check_ended(job_state state, ec code) {
    CAF_REQUIRE_EQUAL(company.ended.size(), 1u);
    const auto& last = company.ended[0];
    CAF_CHECK_EQUAL(std::string{to_string(last.state)},
                    std::string{to_string(state)});
    CAF_CHECK_EQUAL(std::string{to_string(last.error.code)},
                    std::string{to_string(code)});
    CAF_REQUIRE(!seen.empty());
    CAF_CHECK(seen.back().state == state);
    CAF_REQUIRE(written.record(id));
    CAF_CHECK(written.record(id)->state == state);
  }

  bool still_open() { return company.ended.empty(); }
};

using numbers = std::vector<uint32_t>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_tests, fixture)

// -- the way to the end -------------------------------------------------------

CAF_TEST(a job goes through its states and every change is told) {
  begin_encode();
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
  task_progress figures;
  figures.id = whole();
  figures.done = 0.5;
  figures.verifying = true;
  tell(atom::progress_v, figures);
  CAF_CHECK(may_publish(whole())->granted);
  now_ms += 2000;
  finish_whole();
  check_ended(job_state::completed, ec::none);
  std::vector<job_state> states;
  for (const auto& x : seen)
    if (states.empty() || states.back() != x.state)
      states.push_back(x.state);
  using enum job_state;
  CAF_CHECK((states
             == std::vector<job_state>{queued, planning, running, verifying,
                                       completed}));
  CAF_CHECK_EQUAL(company.ended[0].result.outputs.at(0).path, "media:/out.mp4");
  CAF_CHECK_EQUAL(company.ended[0].result.wall_s, 2.0);
  CAF_CHECK_EQUAL(alpha.heard.released.size(), 1u);
}

CAF_TEST(what a task needs of its node is told with each) {
  begin_encode();
  CAF_CHECK_EQUAL(company.ready[0].reads, std::vector<std::string>{"media"});
  CAF_CHECK_EQUAL(company.ready[1].encoders,
                  std::vector<std::string>{"libx264"});
  CAF_CHECK_EQUAL(company.ready[1].task, 1u);
}

CAF_TEST(every command carries the reign) {
  begin_encode();
  ask(atom::cancel_v);
  fail(whole(), ec::cancelled);
  CAF_CHECK(alpha.heard.epochs.size() > 3);
  for (auto x : alpha.heard.epochs)
    CAF_CHECK_EQUAL(x, epoch);
}

CAF_TEST(figures are told at most four times a second) {
  begin_encode();
  auto before = seen.size();
  for (int i = 0; i < 100; ++i) {
    progress(whole(), 0.001 * i);
    sched.advance_time(50ms);
  }
  CAF_CHECK(seen.size() - before >= 19);
  CAF_CHECK(seen.size() - before <= 21);
}

// -- nothing is announced before it is durable --------------------------------

CAF_TEST(no worker runs an attempt that is not written down) {
  start();
  written.holds = true;
  place(alpha, 0);
  CAF_CHECK(alpha.heard.run.empty());
  CAF_CHECK(seen.back().state == job_state::queued);
  CAF_CHECK(written.record(probe()).has_value());
  durable();
  CAF_CHECK_EQUAL(alpha.heard.run.size(), 1u);
  CAF_CHECK(seen.back().state == job_state::planning);
}

CAF_TEST(a worker hears of a plan and of the attempt behind it once written) {
  start();
  place(alpha, 0);
  written.holds = true;
  finish_probe();
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
  place(alpha, 1);
  CAF_CHECK(alpha.heard.acknowledged.empty());
  CAF_CHECK_EQUAL(alpha.heard.run.size(), 1u);
  // The plan is written, the attempt isn't yet.
  CAF_REQUIRE_EQUAL(written.waiting.size(), 2u);
  caf::anon_send(journal, atom::tick_v);
  sched.run();
  CAF_CHECK_EQUAL(alpha.heard.acknowledged.size(), 1u);
  CAF_CHECK_EQUAL(alpha.heard.run.size(), 1u);
  CAF_CHECK(seen.back().state == job_state::planning);
  durable();
  CAF_REQUIRE_EQUAL(alpha.heard.run.size(), 2u);
  CAF_CHECK(alpha.heard.run[1].id == whole());
}

CAF_TEST(a job that was paused while its plan was written gives the slot back) {
  start();
  place(alpha, 0);
  written.holds = true;
  finish_probe();
  caf::anon_send(aut, atom::pause_v);
  sched.run();
  place(alpha, 1);
  durable();
  CAF_CHECK_EQUAL(alpha.heard.run.size(), 1u);
  CAF_CHECK(!company.vacated.empty());
}

CAF_TEST(leave to publish is written before it is given) {
  begin_encode();
  written.holds = true;
  auto pending = self->request(aut, caf::infinite, atom::publish_v, whole());
  auto again = self->request(aut, caf::infinite, atom::publish_v, whole());
  sched.run();
  CAF_CHECK(!self->has_next_message());
  CAF_CHECK(written.record(whole())->granted);
  durable();
  auto granted = 0;
  auto take = [&](const publish_grant& x) { granted += x.granted; };
  auto fault = [](const caf::error&) { CAF_FAIL("no answer"); };
  pending.receive(take, fault);
  again.receive(take, fault);
  CAF_CHECK_EQUAL(granted, 2);
}

CAF_TEST(an end is written before anybody hears of it) {
  begin_encode();
  written.holds = true;
  finish_whole();
  CAF_CHECK(still_open());
  CAF_CHECK(!is_final(seen.back().state));
  CAF_CHECK(alpha.heard.released.empty());
  durable();
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(a failure is written before its worker forgets it) {
  begin_encode();
  written.holds = true;
  fail(whole(), ec::io_error);
  auto before = alpha.heard.acknowledged.size();
  durable();
  CAF_CHECK_EQUAL(alpha.heard.acknowledged.size(), before + 1);
}

CAF_TEST(a wish is written before it is confirmed) {
  begin_encode();
  written.holds = true;
  auto pending = self->request(aut, caf::infinite, atom::cancel_v);
  sched.run();
  CAF_CHECK(!self->has_next_message());
  CAF_CHECK(alpha.heard.cancelled.empty());
  durable();
  CAF_CHECK(self->has_next_message());
  CAF_CHECK_EQUAL(alpha.heard.cancelled.size(), 1u);
  pending.receive([](const job_id&) {}, [](const caf::error&) {});
}

CAF_TEST(a cancel that was acknowledged is not taken back by another wish) {
  begin_encode();
  written.holds = true;
  caf::anon_send(aut, atom::cancel_v);
  sched.run();
  CAF_CHECK(ask(atom::pause_v) == ec::conflict);
  CAF_CHECK(ask(atom::resume_v) == ec::conflict);
  CAF_CHECK(ask(atom::migrate_v, std::string{"beta"}) == ec::conflict);
  durable();
  CAF_CHECK(written.record(id)->wish == job_wish::cancel);
}

CAF_TEST(a job whose journal fails goes without a word) {
  begin_encode();
  written.refusal = failure{ec::journal_failed, "file", "broken", ""};
  finish_whole();
  CAF_CHECK(still_open());
  CAF_CHECK(dead(aut));
}

// -- probing ------------------------------------------------------------------

CAF_TEST(a candidate that does not work gives way to the next) {
  spec().output = "media:/out.mkv";
  spec().what.codec = "av1";
  alpha.known.working = {"libaom-av1"};
  begin_encode();
  CAF_CHECK_EQUAL(alpha.known.asked,
                  (std::vector<std::string>{"libsvtav1", "libaom-av1"}));
  CAF_CHECK_EQUAL(alpha.heard.run[1].plan.outputs[0].streams[0].video.encoder,
                  "libaom-av1");
}

CAF_TEST(a node without an encoder is avoided from then on) {
  alpha.known.working.clear();
  start();
  place(alpha, 0);
  finish_probe();
  CAF_CHECK(still_open());
  CAF_CHECK(written.record(probe())->code == ec::encoder_unavailable);
  CAF_CHECK_EQUAL(alpha.heard.acknowledged.size(), 1u);
  pass(2s);
  CAF_REQUIRE_EQUAL(company.ready.size(), 2u);
  CAF_CHECK_EQUAL(company.ready[1].avoid, std::vector<std::string>{"alpha"});
  place(beta, 0);
  finish_probe(2);
  CAF_CHECK_EQUAL(company.ready.size(), 3u);
}

CAF_TEST(an input that cannot be planned for ends the job at once) {
  start();
  place(alpha, 0);
  task_result empty;
  empty.id = probe();
  tell(atom::done_v, empty);
  check_ended(job_state::failed, ec::bad_input);
}

CAF_TEST(the first of two probes that race makes the plan and the other goes) {
  start();
  place(alpha, 0);
  tell(atom::lost_v, alpha.key);
  place(beta, 0);
  come_back(alpha, probe(), attempt_stage::running);
  CAF_CHECK_EQUAL(alpha.heard.adopted.size(), 1u);
  finish_probe(2);
  CAF_CHECK_EQUAL(company.ready.back().task, 1u);
  CAF_CHECK(alpha.heard.cancelled.back() == probe());
  fail(probe(), ec::cancelled);
  CAF_CHECK(alpha.heard.acknowledged.back() == probe());
  CAF_CHECK(company.vacated.back() == alpha.key);
  CAF_CHECK(still_open());
}

CAF_TEST(an adopted probe tries the encoders of its machine) {
  remember(false);
  start();
  come_back(alpha, probe(), attempt_stage::done);
  CAF_CHECK(!alpha.known.asked.empty());
  finish_probe();
  CAF_REQUIRE_EQUAL(company.ready.size(), 1u);
  place(alpha, 1);
  CAF_CHECK_EQUAL(
      alpha.heard.run.at(0).plan.outputs[0].streams[0].video.encoder,
      "libx264");
}

CAF_TEST(a result that is told twice while its plan waits counts once) {
  alpha.known.silent = true;
  start();
  place(alpha, 0);
  finish_probe();
  finish_probe();
  CAF_CHECK(written.record(probe())->end == attempt_end::none);
  CAF_CHECK_EQUAL(company.ready.size(), 1u);
}

CAF_TEST(a cancel while a plan waits for its encoder needs no worker) {
  alpha.known.silent = true;
  start();
  place(alpha, 0);
  finish_probe();
  CAF_CHECK(ask(atom::cancel_v) == ec::none);
  check_ended(job_state::cancelled, ec::cancelled);
}

// -- failures -----------------------------------------------------------------

CAF_TEST(a failure that may pass is tried elsewhere after a wait) {
  begin_encode();
  fail(whole(), ec::io_error);
  CAF_CHECK(still_open());
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
  CAF_CHECK(company.vacated.back() == alpha.key);
  CAF_CHECK(company.ends.back().code == ec::io_error);
  pass(1750ms);
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
  pass(250ms);
  CAF_REQUIRE_EQUAL(company.ready.size(), 3u);
  CAF_CHECK_EQUAL(company.ready[2].avoid, std::vector<std::string>{"alpha"});
  place(beta, 1);
  CAF_CHECK(beta.heard.run.at(0).id == whole(2));
}

CAF_TEST(the third failure ends the job) {
  begin_encode();
  fail(whole(), ec::io_error);
  pass(2s);
  place(beta, 1);
  fail(whole(2), ec::io_error);
  pass(4s);
  place(beta, 1);
  CAF_CHECK(still_open());
  fail(whole(3), ec::disk_full);
  check_ended(job_state::failed, ec::disk_full);
}

CAF_TEST(a permanent failure ends the job at once) {
  begin_encode();
  fail(whole(), ec::output_exists);
  check_ended(job_state::failed, ec::output_exists);
}

CAF_TEST(a worker that refuses is asked for again soon) {
  alpha.heard.refusal = failure{ec::no_slot, "alpha", "is full", ""};
  start();
  place(alpha, 0);
  CAF_CHECK_EQUAL(company.ready.size(), 1u);
  pass(250ms);
  CAF_REQUIRE_EQUAL(company.ready.size(), 2u);
  CAF_CHECK(company.ready[1].avoid.empty());
  CAF_CHECK(company.vacated.back() == alpha.key);
}

CAF_TEST(a node that is there and does not answer is no node that is lost) {
  alpha.heard.silent = true;
  start();
  place(alpha, 0);
  pass(11s);
  CAF_CHECK(written.record(id)->lost_nodes.empty());
  CAF_CHECK(written.record(probe())->code == ec::session_unavailable);
  CAF_CHECK(alpha.heard.cancelled.back() == probe());
  pass(10s);
  CAF_REQUIRE_EQUAL(company.ready.size(), 2u);
  CAF_CHECK_EQUAL(company.ready[1].avoid, (std::vector<std::string>{"alpha"}));
}

CAF_TEST(what an attempt says that does not run changes nothing) {
  begin_encode();
  fail(whole(2), ec::internal);
  fail(probe(), ec::internal);
  finish_whole(2);
  CAF_CHECK(still_open());
  CAF_CHECK(!may_publish(whole(2))->granted);
}

// -- lost nodes ---------------------------------------------------------------

CAF_TEST(a task that is lost with its node is wanted again at once) {
  begin_encode();
  tell(atom::lost_v, alpha.key);
  CAF_REQUIRE_EQUAL(company.ready.size(), 3u);
  CAF_CHECK(company.ready[2].avoid.empty());
  CAF_CHECK(written.record(whole())->end == attempt_end::lost);
  CAF_CHECK_EQUAL(written.record(id)->lost_nodes.size(), 1u);
}

CAF_TEST(the loss of a node that a job only visited changes nothing) {
  begin_encode();
  auto before = written.changes.size();
  tell(atom::lost_v, beta.key);
  tell(atom::lost_v, node_key{"alpha", 99});
  CAF_CHECK_EQUAL(written.changes.size(), before);
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
}

CAF_TEST(an attempt that is lost before it was written is not run) {
  start();
  written.holds = true;
  place(alpha, 0);
  tell(atom::lost_v, alpha.key);
  durable();
  CAF_CHECK(alpha.heard.run.empty());
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
}

CAF_TEST(three lost nodes are poison) {
  begin_encode();
  tell(atom::lost_v, alpha.key);
  place(beta, 1);
  tell(atom::lost_v, beta.key);
  place(alpha, 1);
  tell(atom::lost_v, alpha.key);
  check_ended(job_state::failed, ec::poison);
}

CAF_TEST(a node that comes back before its task went elsewhere keeps it) {
  begin_encode();
  tell(atom::lost_v, alpha.key);
  come_back(alpha, whole(), attempt_stage::running);
  CAF_CHECK_EQUAL(alpha.heard.adopted.size(), 1u);
  CAF_CHECK(written.record(id)->lost_nodes.empty());
  place(beta, 1);
  CAF_CHECK(beta.heard.run.empty());
  CAF_CHECK(company.vacated.back() == beta.key);
  finish_whole();
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(of two that race the one clearly behind is cancelled) {
  begin_race();
  progress(whole(2), 0.05);
  CAF_CHECK(alpha.heard.cancelled.empty());
  progress(whole(), 0.7);
  CAF_REQUIRE_EQUAL(beta.heard.cancelled.size(), 1u);
  fail(whole(2), ec::cancelled);
  CAF_CHECK(company.vacated.back() == beta.key);
  finish_whole();
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(the first of two to ask may publish and the other is cancelled) {
  begin_race();
  CAF_CHECK(may_publish(whole(2))->granted);
  CAF_CHECK(alpha.heard.cancelled.back() == whole());
  CAF_CHECK(!may_publish(whole())->granted);
  CAF_CHECK(may_publish(whole(2))->granted);
  finish_whole(2);
  check_ended(job_state::completed, ec::none);
  CAF_CHECK_EQUAL(alpha.heard.released.size(), 1u);
  CAF_CHECK_EQUAL(beta.heard.released.size(), 1u);
}

CAF_TEST(one that was let publish and is lost is in doubt) {
  begin_encode();
  may_publish(whole());
  tell(atom::lost_v, alpha.key);
  place(beta, 1);
  CAF_CHECK(beta.heard.run.at(0).in_doubt);
  CAF_CHECK((*may_publish(whole(2)) == publish_grant{whole(2), true, {1}}));
}

CAF_TEST(a doubt is told to the probe that comes first after a retry) {
  remember(true, true);
  from.attempts[1].end = attempt_end::lost;
  from.plan.reset();
  start();
  place(beta, 0);
  CAF_REQUIRE_EQUAL(beta.heard.run.size(), 1u);
  CAF_CHECK(beta.heard.run[0].kind == task_kind::probe);
  CAF_CHECK(beta.heard.run[0].in_doubt);
}

CAF_TEST(a job whose task is lost shows no figures and says that it waits) {
  begin_encode();
  // Nothing on the way there was worth a word.
  for (const auto& x : seen)
    CAF_CHECK_EQUAL(x.waiting, "");
  progress(whole(), 0.4);
  CAF_CHECK_EQUAL(seen.back().progress, 0.4);
  CAF_CHECK_EQUAL(seen.back().waiting, "");
  tell(atom::lost_v, alpha.key);
  CAF_CHECK_EQUAL(seen.back().progress, 0.0);
  CAF_CHECK_EQUAL(seen.back().live.done, 0.0);
  CAF_CHECK_EQUAL(seen.back().tasks.at(1).progress, 0.0);
  CAF_CHECK_NOT_EQUAL(seen.back().waiting, "");
}

CAF_TEST(the failure of one that races is no reason for a third) {
  begin_race();
  fail(whole(2), ec::io_error);
  pass(10s);
  CAF_CHECK_EQUAL(company.ready.size(), 3u);
  finish_whole();
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(when the one that goes on fails beside one that was told to go it is
             tried again) {
  begin_race();
  progress(whole(), 0.7);
  fail(whole(), ec::io_error);
  pass(2s);
  CAF_CHECK_EQUAL(company.ready.size(), 4u);
}

CAF_TEST(what comes back unwanted is let go and leaves its neighbour alone) {
  begin_race();
  progress(whole(), 0.7); // beta is told to go
  tell(atom::lost_v, beta.key);
  held_attempt held;
  held.spec.id = whole(2);
  tell(atom::returned_v, held, beta.place());
  CAF_CHECK(beta.heard.released.empty());
  CAF_CHECK(beta.heard.cancelled.back() == whole(2));
  CAF_CHECK(beta.heard.acknowledged.back() == whole(2));
  tell(atom::reign_v, beta.place());
  CAF_CHECK_EQUAL(beta.heard.released.size(), 1u);
  CAF_CHECK(company.vacated.back() == beta.key);
  CAF_CHECK(still_open());
}

CAF_TEST(what comes back after the end is let go) {
  begin_race();
  tell(atom::lost_v, alpha.key);
  finish_whole(2);
  check_ended(job_state::completed, ec::none);
  come_back(alpha, whole(), attempt_stage::asking);
  CAF_CHECK(alpha.heard.cancelled.back() == whole());
  CAF_CHECK(!may_publish(whole())->granted);
}

CAF_TEST(a node that brings nothing back forgets the job and keeps its slots) {
  start();
  place(alpha, 0);
  finish_probe();
  tell(atom::lost_v, alpha.key);
  tell(atom::reign_v, alpha.place());
  CAF_CHECK_EQUAL(alpha.heard.released.size(), 1u);
  // The coordinator may have given the job its next slot there already.
  CAF_CHECK(company.vacated.empty());
}

// -- wishes -------------------------------------------------------------------

CAF_TEST(a job that waits is cancelled at once and takes no place) {
  start();
  CAF_CHECK(ask(atom::cancel_v) == ec::none);
  check_ended(job_state::cancelled, ec::cancelled);
  place(alpha, 0);
  CAF_CHECK(alpha.heard.run.empty());
  CAF_CHECK(company.vacated.back() == alpha.key);
}

CAF_TEST(a running job is cancelled when the worker confirms) {
  begin_encode();
  CAF_CHECK(ask(atom::cancel_v) == ec::none);
  CAF_CHECK(ask(atom::cancel_v) == ec::conflict);
  CAF_CHECK(ask(atom::pause_v) == ec::conflict);
  CAF_CHECK(ask(atom::migrate_v, std::string{"beta"}) == ec::conflict);
  CAF_CHECK(still_open());
  CAF_CHECK_EQUAL(alpha.heard.cancelled.size(), 1u);
  CAF_CHECK(!may_publish(whole())->granted);
  fail(whole(), ec::cancelled);
  check_ended(job_state::cancelled, ec::cancelled);
  CAF_CHECK(ask(atom::resume_v) == ec::conflict);
}

CAF_TEST(a job whose result was published before its cancel is completed) {
  begin_encode();
  may_publish(whole());
  ask(atom::cancel_v);
  finish_whole();
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(a worker that never confirms a cancel holds nobody up for ever) {
  begin_encode();
  ask(atom::cancel_v);
  pass(29s);
  CAF_CHECK(still_open());
  pass(2s);
  check_ended(job_state::cancelled, ec::cancelled);
}

CAF_TEST(a cancelled job whose node is lost has ended) {
  begin_encode();
  ask(atom::cancel_v);
  tell(atom::lost_v, alpha.key);
  check_ended(job_state::cancelled, ec::cancelled);
}

CAF_TEST(a paused job finishes what runs and starts nothing) {
  begin_encode();
  CAF_CHECK(ask(atom::pause_v) == ec::none);
  CAF_CHECK(written.record(id)->wish == job_wish::pause);
  CAF_CHECK(alpha.heard.cancelled.empty());
  CAF_CHECK(seen.back().waiting.starts_with("pauses"));
  fail(whole(), ec::io_error);
  CAF_CHECK(seen.back().state == job_state::paused);
  CAF_CHECK_EQUAL(seen.back().waiting, "");
  CAF_CHECK(written.record(id)->state == job_state::paused);
  pass(10s);
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
  CAF_CHECK(ask(atom::resume_v) == ec::none);
  CAF_CHECK_EQUAL(company.ready.size(), 3u);
  CAF_CHECK(seen.back().state == job_state::running);
}

CAF_TEST(a job that is paused while it waits takes no place until it goes on) {
  start();
  ask(atom::pause_v);
  CAF_CHECK(seen.back().state == job_state::paused);
  place(alpha, 0);
  CAF_CHECK(alpha.heard.run.empty());
  CAF_CHECK(company.vacated.back() == alpha.key);
  ask(atom::resume_v);
  CAF_CHECK(seen.back().state == job_state::queued);
  CAF_CHECK_EQUAL(company.ready.size(), 2u);
}

CAF_TEST(a job moves by a second attempt and the first goes once that runs) {
  begin_encode();
  CAF_CHECK(ask(atom::migrate_v, std::string{"alpha"}) == ec::conflict);
  CAF_CHECK(ask(atom::migrate_v, std::string{"beta"}) == ec::none);
  CAF_CHECK_EQUAL(company.ready.back().node, "beta");
  CAF_CHECK(alpha.heard.cancelled.empty());
  place(beta, 1);
  CAF_CHECK_EQUAL(beta.heard.run.size(), 1u);
  CAF_CHECK(alpha.heard.cancelled.back() == whole());
  fail(whole(), ec::cancelled);
  finish_whole(2);
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(a job that moves takes no place elsewhere) {
  start();
  ask(atom::migrate_v, std::string{"beta"});
  place(alpha, 0);
  CAF_CHECK(alpha.heard.run.empty());
  CAF_CHECK(company.vacated.back() == alpha.key);
  place(beta, 0);
  CAF_CHECK_EQUAL(beta.heard.run.size(), 1u);
}

CAF_TEST(a move that its node refuses is tried again while the first goes on) {
  begin_encode();
  ask(atom::migrate_v, std::string{"beta"});
  beta.heard.refusal = failure{ec::no_slot, "beta", "is full", ""};
  place(beta, 1);
  CAF_CHECK(alpha.heard.cancelled.empty());
  auto before = company.ready.size();
  pass(2s);
  CAF_REQUIRE_EQUAL(company.ready.size(), before + 1);
  CAF_CHECK_EQUAL(company.ready.back().node, "beta");
}

CAF_TEST(a job that moves goes on doing so when its old node is back) {
  begin_encode();
  tell(atom::lost_v, alpha.key);
  ask(atom::migrate_v, std::string{"beta"});
  come_back(alpha, whole(), attempt_stage::running);
  place(beta, 1);
  CAF_CHECK_EQUAL(beta.heard.run.size(), 1u);
  CAF_CHECK(alpha.heard.cancelled.back() == whole());
}

CAF_TEST(what comes back after a job has moved gives way) {
  begin_encode();
  tell(atom::lost_v, alpha.key);
  ask(atom::migrate_v, std::string{"beta"});
  place(beta, 1);
  come_back(alpha, whole(), attempt_stage::running);
  CAF_REQUIRE(!alpha.heard.cancelled.empty());
  CAF_CHECK(alpha.heard.cancelled.back() == whole());
  CAF_CHECK(beta.heard.cancelled.empty());
}

CAF_TEST(a job whose node is gone for good may run anywhere again) {
  begin_encode();
  ask(atom::migrate_v, std::string{"beta"});
  place(beta, 1);
  fail(whole(), ec::cancelled);
  tell(atom::lost_v, beta.key);
  CAF_CHECK_EQUAL(company.ready.back().node, "");
}

// -- time limits --------------------------------------------------------------

CAF_TEST(a job past its time limit is given up) {
  spec().timeout_s = 100;
  begin_encode();
  pass(99s);
  CAF_CHECK(alpha.heard.cancelled.empty());
  pass(2s);
  CAF_CHECK(still_open());
  fail(whole(), ec::cancelled);
  check_ended(job_state::failed, ec::time_limit);
}

CAF_TEST(time in the queue does not count and time before a restart does) {
  spec().timeout_s = 100;
  start();
  pass(200s);
  CAF_CHECK(still_open());
}

CAF_TEST(a restart does not begin the time limit anew) {
  spec().timeout_s = 100;
  remember(true);
  from.record.started_ms = now_ms - 90'000;
  start();
  come_back(alpha, whole(), attempt_stage::running);
  pass(9s);
  CAF_CHECK(alpha.heard.cancelled.empty());
  pass(2s);
  CAF_CHECK_EQUAL(alpha.heard.cancelled.size(), 1u);
}

// -- a new reign --------------------------------------------------------------

CAF_TEST(a job of an earlier reign waits for what ran and adopts it) {
  remember(true);
  start();
  CAF_CHECK(company.ready.empty());
  come_back(alpha, whole(), attempt_stage::running);
  CAF_REQUIRE_EQUAL(alpha.heard.adopted.size(), 1u);
  CAF_CHECK(alpha.heard.adopters[0] == aut);
  tell(atom::reign_v);
  CAF_CHECK(company.ready.empty());
  CAF_CHECK(may_publish(whole())->granted);
  finish_whole();
  check_ended(job_state::completed, ec::none);
}

CAF_TEST(what does not come back in time is lost and wanted again) {
  remember(true);
  start();
  tell(atom::reign_v);
  CAF_CHECK(written.record(whole())->end == attempt_end::lost);
  CAF_REQUIRE_EQUAL(company.ready.size(), 1u);
  CAF_CHECK_EQUAL(company.ready[0].task, 1u);
  come_back(alpha, whole(), attempt_stage::running);
  CAF_CHECK_EQUAL(alpha.heard.adopted.size(), 1u);
}

CAF_TEST(what a node that is back does not hold is lost at once) {
  remember(true);
  start();
  tell(atom::reign_v, beta.place());
  CAF_CHECK(company.ready.empty());
  tell(atom::reign_v, alpha.place());
  CAF_CHECK_EQUAL(company.ready.size(), 1u);
}

CAF_TEST(a new run of a node has nothing of the former) {
  remember(true);
  start();
  alpha.key.incarnation = 2;
  tell(atom::reign_v, alpha.place());
  CAF_CHECK(written.record(whole())->end == attempt_end::lost);
}

CAF_TEST(a wish to cancel that nobody carried out is carried out now) {
  remember(true);
  from.record.wish = job_wish::cancel;
  start();
  CAF_CHECK(still_open());
  tell(atom::reign_v);
  check_ended(job_state::cancelled, ec::cancelled);
}

CAF_TEST(what runs of a job to be cancelled is cancelled when it is back) {
  remember(true, true);
  from.record.wish = job_wish::cancel;
  start();
  come_back(alpha, whole(), attempt_stage::asking);
  tell(atom::reign_v);
  CAF_CHECK_EQUAL(alpha.heard.cancelled.size(), 1u);
  fail(whole(), ec::cancelled);
  check_ended(job_state::cancelled, ec::cancelled);
}

CAF_TEST(an attempt that an earlier reign abandoned does not end the job) {
  remember(true);
  start();
  come_back(alpha, whole(), attempt_stage::failed);
  fail(whole(), ec::cancelled);
  CAF_CHECK(still_open());
  pass(250ms);
  CAF_CHECK_EQUAL(company.ready.size(), 1u);
}

CAF_TEST(a paused job stays paused) {
  from.record.state = job_state::paused;
  from.record.wish = job_wish::pause;
  start();
  CAF_CHECK(company.ready.empty());
  CAF_CHECK(seen.back().state == job_state::paused);
}

CAF_TEST(a plan of another version is made anew) {
  remember(true);
  from.plan.reset();
  start();
  come_back(alpha, whole(), attempt_stage::running);
  CAF_CHECK(alpha.heard.adopted.empty());
  CAF_REQUIRE_EQUAL(company.ready.size(), 1u);
  CAF_CHECK_EQUAL(company.ready[0].task, 0u);
  place(alpha, 0);
  CAF_CHECK(alpha.heard.run.at(0).id == probe(2));
}

// -- who goes -----------------------------------------------------------------

CAF_TEST(whoever watches late hears how the job stands) {
  begin_encode();
  finish_whole();
  std::vector<job_report> late;
  auto other = track(sys.spawn(observer_stub, &late));
  tell(atom::watch_v, other);
  CAF_REQUIRE_EQUAL(late.size(), 1u);
  CAF_CHECK(late[0].state == job_state::completed);
}

CAF_TEST(an ended job goes when it is released) {
  begin_encode();
  finish_whole();
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
