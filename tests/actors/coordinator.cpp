#define CAF_SUITE coordinator

#include "actors/coordinator.hpp"

#include <algorithm>

#include "tests/actors/coordinator_side.hpp"
#include "tests/actors/samples.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// A node, its membership included.
struct whole_node : node_stub {
  std::vector<member> rows; ///< that it was told
  membership_actor membership;
  uint32_t slots = 1;
  std::vector<root_status> roots{{"media", true, 1000}};

  whole_node(actor_fixture& in, const std::string& name)
      : node_stub(in, name),
        membership(in.track(in.sys.spawn(member_stub, &rows))) {}

  join_request request() const {
    join_request result;
    result.card.key = key;
    result.card.slots = slots;
    result.card.load.roots = roots;
    result.membership = membership;
    result.place.push_back(place());
    result.place[0].slots = slots;
    return result;
  }
};

struct fixture : actor_fixture {
  told_journal written;
  std::vector<job_report> seen;
  uint64_t now_ms = 1'000'000;
  uint64_t bits = 0;
  size_t max_jobs = 5;
  journal_actor journal = track(sys.spawn(journal_stub, &written));
  observer_actor observer = track(sys.spawn(observer_stub, &seen));
  whole_node alpha{*this, "alpha"};
  whole_node beta{*this, "beta"};
  coordinator_actor aut;

  fixture() { written.image.epoch = 4; }

  void start() {
    coordinator_config config;
    config.journal = journal;
    config.max_jobs = max_jobs;
    config.wall_ms = [this] { return now_ms; };
    config.random = [this] { return ++bits; };
    aut = track(sys.spawn(coordinator, std::move(config)));
    sched.run();
  }

  template <class Result, class... Ts>
  outcome<Result> ask(Ts&&... xs) {
    auto pending = self->request(aut, caf::infinite, std::forward<Ts>(xs)...);
    sched.run();
    outcome<Result> result = failure{};
    pending.receive([&](const Result& x) { result = x; },
                    [&](const caf::error& error) { result = from_caf(error); });
    return result;
  }

  template <class... Ts>
  ec refused(Ts&&... xs) {
    auto result = ask<job_id>(std::forward<Ts>(xs)...);
    return result ? ec::none : result.error().code;
  }

  template <class... Ts>
  void tell(Ts&&... xs) {
    caf::anon_send(aut, std::forward<Ts>(xs)...);
    sched.run();
  }

  void durable() {
    while (!written.waiting.empty()) {
      caf::anon_send(journal, atom::tick_v);
      sched.run();
    }
  }

  outcome<welcome> join(const join_request& x) {
    return ask<welcome>(atom::join_v, x);
  }

  void enter(whole_node& node, uint32_t slots = 1) {
    node.slots = slots;
    CAF_REQUIRE(join(node.request()));
  }

  void kill(whole_node& node) {
    caf::anon_send_exit(node.membership, caf::exit_reason::kill);
    sched.run();
  }

  job_request request(const std::string& name, uint32_t priority = 5) {
    job_request result;
    result.spec.input = "media:/" + name + ".mkv";
    result.spec.output = "media:/" + name + ".mp4";
    result.spec.what.codec = "copy";
    result.spec.priority = priority;
    return result;
  }

  job_id submit(const std::string& name, uint32_t priority = 5) {
    auto id = ask<job_id>(atom::submit_v, request(name, priority));
    CAF_REQUIRE(id);
    return *id;
  }

  job_report report(const job_id& id) {
    auto result = ask<job_report>(atom::get_v, id);
    CAF_REQUIRE(result);
    return *result;
  }

  member_state state(const std::string& name) {
    auto rows = ask<std::vector<member>>(atom::nodes_v);
    CAF_REQUIRE(rows);
    for (const auto& x : *rows)
      if (x.card.key.name == name)
        return x.state;
    CAF_FAIL("no such row");
    return {};
  }

  /// Inputs of the tasks that were placed on a node, in order.
  static std::vector<std::string> placed(const whole_node& node) {
    std::vector<std::string> result;
    for (const auto& x : node.heard.run)
      result.push_back(x.input.substr(7, x.input.size() - 11));
    return result;
  }

  template <class... Ts>
  void tell_job(whole_node& node, Ts&&... xs) {
    caf::anon_send(node.heard.jobs.back(), std::forward<Ts>(xs)...);
    sched.run();
  }

  /// The last task that was placed there fails.
  void fail_last(whole_node& node, ec code = ec::bad_input) {
    tell_job(node, atom::failed_v, node.heard.run.back().id,
             failure{code, "x", "y", ""});
  }

  /// The last task that was placed there is done.
  void finish_last(whole_node& node) {
    task_result result;
    result.id = node.heard.run.back().id;
    result.media = sample_media();
    result.report.outputs.resize(1);
    tell_job(node, atom::done_v, result);
  }

  /// An ended job that only the journal knows.
  job_id remember_ended(job_state how) {
    job_id id{99, written.ended.size()};
    remembered_job x;
    x.job.id = id;
    x.job.request = request("old");
    x.record.id = id;
    x.record.state = how;
    written.ended.emplace(id, x);
    return id;
  }

  /// A job whose probe ran on alpha when the coordinator was killed.
  job_id remember_running() {
    job_id id{50, written.image.jobs.size()};
    remembered_job x;
    x.job.id = id;
    x.job.request = request("running");
    x.record.id = id;
    x.record.state = job_state::planning;
    attempt_record attempt;
    attempt.id = {id, 0, 1};
    attempt.node = "alpha";
    attempt.incarnation = 1;
    x.attempts.push_back(attempt);
    written.image.jobs.push_back(x);
    return id;
  }

  held_attempt held(const job_id& id) {
    held_attempt result;
    result.spec.id = {id, 0, 1};
    result.progress.id = result.spec.id;
    return result;
  }
};

using names = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(coordinator_tests, fixture)

// -- admission ----------------------------------------------------------------

CAF_TEST(a job that cannot be is refused with the reason) {
  start();
  auto bad = request("a");
  bad.spec.what.codec = "nonsense";
  CAF_CHECK(refused(atom::submit_v, bad) == ec::usage);
  bad = request("a");
  bad.spec.input = "/etc/passwd";
  CAF_CHECK(refused(atom::submit_v, bad) == ec::outside_roots);
  bad = request("a");
  bad.spec.output = "plain.mp4";
  CAF_CHECK(refused(atom::submit_v, bad) == ec::outside_roots);
  bad = request("a");
  bad.key = std::string(201, 'k');
  CAF_CHECK(refused(atom::submit_v, bad) == ec::usage);
  CAF_CHECK(written.submitted.empty());
}

CAF_TEST(a submitted job is queued and named after its input) {
  start();
  auto id = submit("a", 3);
  auto found = report(id);
  CAF_CHECK(found.id == id);
  CAF_CHECK(found.state == job_state::queued);
  CAF_CHECK_EQUAL(found.spec.name, "a.mkv");
  CAF_CHECK_EQUAL(found.priority, 3u);
  CAF_CHECK_EQUAL(found.created_ms, now_ms);
  CAF_CHECK_EQUAL(found.waiting, "the cluster has no workers");
  CAF_CHECK(written.submitted.at(0).id == id);
}

CAF_TEST(a job is durable before its id is told and before it runs) {
  start();
  enter(alpha);
  written.holds = true;
  auto pending =
      self->request(aut, caf::infinite, atom::submit_v, request("a"));
  sched.run();
  CAF_CHECK(!self->has_next_message());
  CAF_CHECK_EQUAL(
      ask<std::vector<job_summary>>(atom::list_v, job_query{})->size(), 0u);
  durable();
  CAF_CHECK(self->has_next_message());
  CAF_CHECK_EQUAL(alpha.heard.run.size(), 1u);
  pending.receive([](const job_id&) {}, [](const caf::error&) {});
}

CAF_TEST(a job that cannot be written is refused) {
  start();
  written.refusal = failure{ec::disk_full, "journal", "no room", ""};
  CAF_CHECK(refused(atom::submit_v, request("a")) == ec::disk_full);
  written.refusal.reset();
  for (size_t i = 0; i < max_jobs; ++i)
    submit("b");
}

CAF_TEST(a second request with a key is the first one s job) {
  start();
  auto keyed = request("a");
  keyed.key = "k";
  auto first = ask<job_id>(atom::submit_v, keyed);
  auto second = ask<job_id>(atom::submit_v, keyed);
  CAF_REQUIRE(first && second);
  CAF_CHECK(*first == *second);
  CAF_CHECK_EQUAL(
      ask<std::vector<job_summary>>(atom::list_v, job_query{})->size(), 1u);
}

CAF_TEST(more jobs than the limit are refused those on their way included) {
  max_jobs = 2;
  start();
  written.holds = true;
  self->request(aut, caf::infinite, atom::submit_v, request("a"));
  self->request(aut, caf::infinite, atom::submit_v, request("b"));
  sched.run();
  CAF_CHECK(refused(atom::submit_v, request("c")) == ec::overloaded);
  durable();
  CAF_CHECK(refused(atom::submit_v, request("c")) == ec::overloaded);
}

// -- placement ----------------------------------------------------------------

CAF_TEST(jobs get slots by priority and then by age) {
  start();
  submit("old", 5);
  submit("new", 5);
  submit("late", 9);
  submit("urgent", 1);
  enter(alpha);
  for (int i = 0; i < 3; ++i)
    fail_last(alpha);
  CAF_CHECK_EQUAL(placed(alpha), (names{"urgent", "old", "new", "late"}));
}

CAF_TEST(as many jobs run as there are slots and the rest say why they wait) {
  start();
  for (auto name : {"a", "b"})
    submit(name);
  auto last = submit("c");
  enter(alpha, 2);
  CAF_CHECK_EQUAL(placed(alpha), (names{"a", "b"}));
  CAF_CHECK_EQUAL(report(last).waiting, "the node that could run it is busy");
  fail_last(alpha);
  CAF_CHECK_EQUAL(placed(alpha), (names{"a", "b", "c"}));
}

CAF_TEST(a job keeps its slot from probe to encode) {
  start();
  enter(alpha);
  submit("a", 5);
  submit("urgent", 1);
  finish_last(alpha);
  CAF_CHECK_EQUAL(placed(alpha), (names{"a", "a"}));
  CAF_CHECK(alpha.heard.run.back().kind == task_kind::whole);
}

CAF_TEST(a slot that its job cannot use is another s) {
  start();
  enter(alpha);
  submit("a");
  submit("b");
  // The next task may not go there any more.
  CAF_CHECK(ask<std::string>(atom::drain_v, std::string{"alpha"}));
  finish_last(alpha);
  CAF_CHECK_EQUAL(alpha.heard.released.size(), 1u);
  CAF_CHECK(ask<std::string>(atom::undrain_v, std::string{"alpha"}));
  CAF_CHECK_EQUAL(placed(alpha).size(), 2u);
  enter(beta);
  CAF_CHECK_EQUAL(placed(beta).size(), 1u);
}

CAF_TEST(a root that comes is noticed) {
  alpha.roots.clear();
  start();
  enter(alpha);
  submit("a");
  CAF_CHECK(alpha.heard.run.empty());
  node_load load;
  load.roots = {{"media", true, 1}};
  tell(atom::status_v, alpha.key, load);
  CAF_CHECK_EQUAL(alpha.heard.run.size(), 1u);
}

CAF_TEST(a node that fails in a row gets no tasks until time or undrain) {
  start();
  enter(alpha);
  for (auto name : {"a", "b", "c"}) {
    submit(name);
    fail_last(alpha, ec::io_error);
  }
  submit("d");
  CAF_CHECK_EQUAL(alpha.heard.run.size(), 3u);
  now_ms += 60'000;
  pass(500ms);
  CAF_CHECK(alpha.heard.run.size() > 3u);
}

// -- jobs ---------------------------------------------------------------------

CAF_TEST(a cancelled job gives its turn away) {
  start();
  auto first = submit("a");
  submit("b");
  CAF_CHECK(ask<job_id>(atom::cancel_v, first));
  CAF_CHECK(written.record(first)->state == job_state::cancelled);
  enter(alpha);
  CAF_CHECK_EQUAL(placed(alpha), names{"b"});
}

CAF_TEST(a queued job can be paused and goes on in its turn) {
  start();
  auto id = submit("a");
  CAF_CHECK(ask<job_id>(atom::pause_v, id));
  CAF_CHECK(report(id).state == job_state::paused);
  enter(alpha);
  CAF_CHECK(alpha.heard.run.empty());
  submit("b");
  CAF_CHECK_EQUAL(placed(alpha), names{"b"});
  CAF_CHECK(ask<job_id>(atom::resume_v, id));
  fail_last(alpha);
  CAF_CHECK_EQUAL(placed(alpha), (names{"b", "a"}));
}

CAF_TEST(a job goes to the node that it is sent to) {
  start();
  auto id = submit("a");
  CAF_CHECK(refused(atom::migrate_v, id, std::string{"beta"}) == ec::not_found);
  enter(beta);
  CAF_CHECK_EQUAL(placed(beta), names{"a"});
  enter(alpha);
  CAF_CHECK(ask<job_id>(atom::migrate_v, id, std::string{"alpha"}));
  CAF_CHECK_EQUAL(placed(alpha), names{"a"});
  CAF_CHECK_EQUAL(beta.heard.cancelled.size(), 1u);
  CAF_CHECK(ask<std::string>(atom::drain_v, std::string{"beta"}));
  CAF_CHECK(refused(atom::migrate_v, id, std::string{"beta"}) == ec::conflict);
}

CAF_TEST(an ended job answers conflict and one that never was not found) {
  start();
  auto done = remember_ended(job_state::completed);
  job_id none{1, 2};
  auto check = [&](const job_id& id, ec code) {
    CAF_CHECK(refused(atom::cancel_v, id) == code);
    CAF_CHECK(refused(atom::pause_v, id) == code);
    CAF_CHECK(refused(atom::resume_v, id) == code);
    CAF_CHECK(refused(atom::retry_v, id) == code);
    CAF_CHECK(refused(atom::migrate_v, id, std::string{"x"}) == code);
  };
  check(done, ec::conflict);
  check(none, ec::not_found);
  CAF_CHECK(refused(atom::forget_v, none) == ec::not_found);
  CAF_CHECK(!ask<job_report>(atom::get_v, none));
  CAF_CHECK(ask<job_report>(atom::get_v, done));
}

CAF_TEST(a job that has not ended is not tried again and not deleted) {
  start();
  auto id = submit("a");
  CAF_CHECK(refused(atom::retry_v, id) == ec::conflict);
  CAF_CHECK(refused(atom::forget_v, id) == ec::conflict);
}

CAF_TEST(a failed job that is tried again begins anew with the next number) {
  start();
  auto id = remember_ended(job_state::failed);
  auto& old = written.ended.at(id);
  old.plan = sample_plan();
  attempt_record probe;
  probe.id = {id, 0, 1};
  probe.end = attempt_end::done;
  attempt_record unheard = probe;
  unheard.id = {id, 1, 1};
  unheard.kind = task_kind::whole;
  unheard.granted = true;
  unheard.end = attempt_end::none;
  old.attempts = {probe, unheard};
  enter(alpha);
  CAF_CHECK(ask<job_id>(atom::retry_v, id));
  CAF_REQUIRE_EQUAL(alpha.heard.run.size(), 1u);
  CAF_CHECK((alpha.heard.run[0].id == attempt_id{id, 0, 2}));
  CAF_CHECK(written.record(unheard.id)->end == attempt_end::lost);
  finish_last(alpha);
  CAF_REQUIRE_EQUAL(alpha.heard.run.size(), 2u);
  CAF_CHECK((alpha.heard.run[1].id == attempt_id{id, 1, 2}));
  CAF_CHECK(alpha.heard.run[1].in_doubt);
}

CAF_TEST(an ended job is changed by one at a time) {
  start();
  auto id = remember_ended(job_state::failed);
  written.holds = true;
  auto pending = self->request(aut, caf::infinite, atom::retry_v, id);
  sched.run();
  CAF_CHECK(refused(atom::retry_v, id) == ec::conflict);
  CAF_CHECK(refused(atom::forget_v, id) == ec::conflict);
  durable();
  pending.receive([](const job_id&) {},
                  [](const caf::error&) { CAF_FAIL("refused"); });
  CAF_CHECK(report(id).state == job_state::queued);
}

CAF_TEST(an ended job is forgotten once that is written) {
  start();
  auto id = remember_ended(job_state::failed);
  written.refusal = failure{ec::io_error, "x", "y", ""};
  CAF_CHECK(refused(atom::forget_v, id) == ec::io_error);
  written.refusal.reset();
  CAF_CHECK(ask<job_id>(atom::forget_v, id));
  CAF_CHECK(written.changes.back().forgotten.at(0) == id);
}

CAF_TEST(rows go on behind a job and are limited) {
  start();
  names all{"a", "b", "c"};
  std::vector<job_id> ids;
  for (const auto& x : all)
    ids.push_back(submit(x));
  job_query query;
  query.limit = 2;
  CAF_CHECK_EQUAL(ask<std::vector<job_summary>>(atom::list_v, query)->size(),
                  2u);
  query.after = ids[1];
  auto rest = ask<std::vector<job_summary>>(atom::list_v, query);
  CAF_REQUIRE_EQUAL(rest->size(), 1u);
  CAF_CHECK((*rest)[0].id == ids[2]);
  for (uint32_t limit : {0u, 1001u}) {
    query.limit = limit;
    CAF_CHECK(ask<std::vector<job_summary>>(atom::list_v, query).error().code
              == ec::usage);
  }
}

CAF_TEST(an observer hears a job to its end and an ended one at once) {
  start();
  enter(alpha);
  auto id = submit("a");
  tell(atom::watch_v, id, observer);
  fail_last(alpha);
  CAF_REQUIRE(seen.size() >= 2);
  CAF_CHECK(seen.back().state == job_state::failed);
  seen.clear();
  tell(atom::watch_v, remember_ended(job_state::completed), observer);
  CAF_REQUIRE_EQUAL(seen.size(), 1u);
  CAF_CHECK(seen[0].state == job_state::completed);
  tell(atom::watch_v, job_id{1, 2}, observer);
  CAF_REQUIRE_EQUAL(seen.size(), 2u);
  CAF_CHECK(seen[1].error.code == ec::not_found);
}

CAF_TEST(a job whose actor died has failed and its slot is free) {
  start();
  enter(alpha);
  auto id = submit("a");
  submit("b");
  caf::anon_send_exit(alpha.heard.jobs.back(), caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(written.record(id)->state == job_state::failed);
  CAF_CHECK(written.record(id)->error.code == ec::internal);
  CAF_CHECK_EQUAL(placed(alpha), (names{"a", "b"}));
  CAF_CHECK_EQUAL(alpha.heard.released.size(), 1u);
}

// -- nodes --------------------------------------------------------------------

CAF_TEST(a node is let in with the reign and the table) {
  start();
  auto first = join(alpha.request());
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->epoch, 4u);
  CAF_CHECK_EQUAL(first->table.size(), 1u);
  CAF_CHECK(join(beta.request())->table.size() == 2u);
  pass(500ms);
  CAF_CHECK(!alpha.rows.empty());
}

CAF_TEST(nodes that cannot be are refused) {
  start();
  auto other = alpha.request();
  other.protocol = 99;
  CAF_CHECK(join(other).error().code == ec::protocol_mismatch);
  other = alpha.request();
  other.place.clear();
  CAF_CHECK(join(other).error().code == ec::usage);
  enter(alpha);
  other = alpha.request();
  other.card.key.incarnation = 2;
  CAF_CHECK(join(other).error().code == ec::name_taken);
  auto first = beta.request();
  first.card.roles.coordinator = true;
  CAF_CHECK(join(first));
  other = alpha.request();
  other.card.key.name = "gamma";
  other.card.roles.coordinator = true;
  CAF_CHECK(join(other).error().code == ec::conflict);
}

CAF_TEST(nodes are listed by name whoever joined first) {
  start();
  enter(beta);
  enter(alpha);
  auto rows = ask<std::vector<member>>(atom::nodes_v);
  CAF_REQUIRE_EQUAL(rows->size(), 2u);
  CAF_CHECK_EQUAL((*rows)[0].card.key.name, "alpha");
  CAF_CHECK_EQUAL((*rows)[1].card.key.name, "beta");
}

CAF_TEST(a task whose node is lost runs elsewhere at once) {
  start();
  enter(alpha);
  submit("a");
  enter(beta);
  kill(alpha);
  CAF_CHECK(state("alpha") == member_state::unreachable);
  CAF_CHECK_EQUAL(placed(beta), names{"a"});
  now_ms += 60'000;
  pass(500ms);
  CAF_CHECK(state("alpha") == member_state::down);
}

CAF_TEST(a job that waits for a node which dies may run anywhere again) {
  start();
  enter(beta);
  submit("b");
  auto id = submit("c");
  CAF_CHECK(refused(atom::migrate_v, id, std::string{"beta"}) == ec::none);
  enter(alpha, 2);
  CAF_CHECK(alpha.heard.run.empty());
  kill(beta);
  auto there = placed(alpha);
  std::sort(there.begin(), there.end());
  CAF_CHECK_EQUAL(there, (names{"b", "c"}));
}

CAF_TEST(a job that an earlier reign bound to a node which is gone is free) {
  auto id = remember_running();
  auto& job = written.image.jobs.back();
  job.record.node = "gamma";
  job.attempts.back().end = attempt_end::lost;
  start();
  enter(alpha);
  CAF_CHECK(alpha.heard.run.empty());
  pass(500ms);
  CAF_CHECK(alpha.heard.run.empty());
  now_ms += 61'000;
  pass(500ms);
  CAF_REQUIRE_EQUAL(alpha.heard.run.size(), 1u);
  CAF_CHECK(alpha.heard.run[0].id.job == id);
}

CAF_TEST(attempts stay when it was the journal that took their job with it) {
  start();
  enter(alpha);
  auto id = submit("a");
  written.refusal = failure{ec::journal_failed, "file", "broken", ""};
  task_result result;
  result.id = {id, 0, 1};
  result.media = sample_media();
  CAF_REQUIRE(!alpha.heard.jobs.empty());
  caf::anon_send(alpha.heard.jobs.back(), atom::done_v, result);
  sched.run();
  CAF_CHECK(alpha.heard.released.empty());
}

CAF_TEST(a worker that is gone is as good as its node) {
  start();
  enter(alpha);
  submit("a");
  enter(beta);
  caf::anon_send_exit(alpha.worker, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK_EQUAL(placed(beta), names{"a"});
}

CAF_TEST(a node that comes back with its attempt keeps it and its slot) {
  start();
  enter(alpha);
  auto id = submit("a");
  submit("b");
  auto back = alpha.request();
  back.held = {held(id)};
  CAF_CHECK(join(back));
  CAF_CHECK_EQUAL(alpha.heard.adopted.size(), 1u);
  CAF_CHECK_EQUAL(placed(alpha), names{"a"});
}

CAF_TEST(a node that dies with a result that nobody took is missed) {
  start();
  enter(alpha);
  auto id = submit("a");
  auto back = alpha.request();
  back.held = {held(id)};
  back.held[0].stage = attempt_stage::failed;
  CAF_CHECK(join(back));
  enter(beta);
  kill(alpha);
  CAF_CHECK_EQUAL(placed(beta), names{"a"});
}

CAF_TEST(a node that comes back without its attempt gets it anew) {
  start();
  enter(alpha);
  submit("a");
  CAF_CHECK(join(alpha.request()));
  CAF_CHECK_EQUAL(placed(alpha), (names{"a", "a"}));
}

CAF_TEST(a new run of a lost node takes its place) {
  start();
  enter(alpha);
  submit("a");
  kill(alpha);
  std::vector<member> rows;
  auto again = alpha.request();
  again.card.key.incarnation = 2;
  again.place[0].node.incarnation = 2;
  again.membership = track(sys.spawn(member_stub, &rows));
  CAF_CHECK(join(again));
  CAF_CHECK_EQUAL(placed(alpha), (names{"a", "a"}));
  CAF_CHECK(state("alpha") == member_state::up);
}

CAF_TEST(attempts of jobs that are over are let go) {
  start();
  auto back = alpha.request();
  back.held = {held({1, 2})};
  CAF_CHECK(join(back));
  CAF_REQUIRE_EQUAL(alpha.heard.released.size(), 1u);
  CAF_CHECK((alpha.heard.released[0] == job_id{1, 2}));
}

CAF_TEST(a drained node gets nothing and that is durable) {
  start();
  enter(alpha);
  CAF_CHECK(ask<std::string>(atom::drain_v, std::string{"gone"}).error().code
            == ec::not_found);
  written.holds = true;
  auto pending =
      self->request(aut, caf::infinite, atom::drain_v, std::string{"alpha"});
  sched.run();
  CAF_CHECK(!self->has_next_message());
  CAF_CHECK(state("alpha") == member_state::up);
  durable();
  written.holds = false;
  CAF_CHECK(state("alpha") == member_state::draining);
  pending.receive([](const std::string&) {}, [](const caf::error&) {});
  CAF_CHECK(written.changes.back().nodes.at(0).drained);
  submit("a");
  CAF_CHECK(alpha.heard.run.empty());
  CAF_CHECK(ask<std::string>(atom::undrain_v, std::string{"alpha"}));
  CAF_CHECK_EQUAL(placed(alpha), names{"a"});
}

CAF_TEST(a node that leaves is told to go by nobody and its name is free) {
  start();
  enter(alpha);
  tell(atom::drain_v, alpha.key);
  CAF_CHECK(state("alpha") == member_state::draining);
  tell(atom::leave_v, alpha.key);
  CAF_CHECK(state("alpha") == member_state::left);
  submit("a");
  CAF_CHECK(alpha.heard.run.empty());
}

CAF_TEST(what a node can encode is told once it is known) {
  start();
  CAF_CHECK(ask<profile>(atom::caps_v, std::string{"alpha"}).error().code
            == ec::not_found);
  enter(alpha);
  CAF_CHECK(ask<profile>(atom::caps_v, std::string{"alpha"}).error().code
            == ec::not_found);
  tell(atom::describe_v, alpha.key, profile{});
  CAF_CHECK(ask<profile>(atom::caps_v, std::string{"alpha"}));
}

// -- reigns -------------------------------------------------------------------

CAF_TEST(queued jobs of an earlier reign queue again and drained nodes stay) {
  remembered_job queued;
  queued.job.id = {5, 5};
  queued.job.request = request("q");
  queued.record.id = queued.job.id;
  written.image.jobs = {queued};
  written.image.nodes = {{"beta", true}};
  start();
  enter(beta);
  CAF_CHECK(state("beta") == member_state::draining);
  CAF_CHECK(beta.heard.run.empty());
  enter(alpha);
  CAF_CHECK_EQUAL(placed(alpha), names{"q"});
}

CAF_TEST(what runs of an earlier reign is adopted and the wait ends early) {
  auto first = remember_running();
  auto second = remember_running();
  start();
  enter(beta, 2);
  CAF_CHECK(beta.heard.run.empty());
  auto back = alpha.request();
  back.held = {held(first)};
  CAF_CHECK(join(back));
  CAF_REQUIRE_EQUAL(alpha.heard.adopted.size(), 1u);
  CAF_CHECK(alpha.heard.adopted[0].job == first);
  // The other one isn't there any more: it is placed without more ado.
  CAF_REQUIRE_EQUAL(beta.heard.run.size(), 1u);
  CAF_CHECK((beta.heard.run[0].id == attempt_id{second, 0, 2}));
  CAF_CHECK_EQUAL(beta.heard.run[0].epoch, 4u);
}

CAF_TEST(new jobs start while an earlier reign is waited for) {
  remember_running();
  start();
  enter(beta);
  submit("new");
  CAF_CHECK_EQUAL(placed(beta), names{"new"});
}

CAF_TEST(what does not come back in five seconds runs elsewhere) {
  remember_running();
  start();
  enter(beta);
  pass(4750ms);
  CAF_CHECK(beta.heard.run.empty());
  pass(500ms);
  CAF_CHECK_EQUAL(placed(beta), names{"running"});
}

CAF_TEST(a new run of a node ends the wait for the former) {
  remember_running();
  start();
  alpha.key.incarnation = 2;
  enter(alpha);
  CAF_CHECK_EQUAL(placed(alpha), names{"running"});
}

CAF_TEST(a coordinator without its journal ends) {
  start();
  submit("a");
  caf::anon_send_exit(journal, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(dead(aut));
}

CAF_TEST_FIXTURE_SCOPE_END()
