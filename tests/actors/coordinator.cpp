#define CAF_SUITE coordinator

#include "actors/coordinator.hpp"

#include "tests/actors/fixture.hpp"
#include "tests/actors/samples.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

capability_probe_actor::behavior_type
silent_probe(capability_probe_actor::pointer self) {
  return {
      [=](atom::probe, const std::string&) {
        return self->make_response_promise<encoder_capability>();
      },
      [=](atom::describe) { return self->make_response_promise<profile>(); },
      [](atom::event) {},
      [](atom::tick) {},
  };
}

struct fixture : actor_fixture {
  told_worker heard;
  std::vector<job_report> seen;
  worker_actor worker = track(sys.spawn(worker_stub, &heard));
  capability_probe_actor probe = track(sys.spawn(silent_probe));
  observer_actor observer = track(sys.spawn(observer_stub, &seen));
  coordinator_actor aut = track(sys.spawn(coordinator));

  void enlist(uint32_t slots) {
    caf::anon_send(aut, atom::enlist_v,
                   placed_worker{"alpha", worker, probe, slots, 1});
    sched.run();
  }

  job_spec spec(const std::string& name, uint32_t priority = 5) {
    job_spec result;
    result.input = folder / (name + ".mkv");
    result.output = folder / (name + ".mp4");
    result.what.codec = "copy";
    result.priority = priority;
    return result;
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

  job_id submit(const std::string& name, uint32_t priority = 5) {
    auto id = ask<job_id>(atom::submit_v, spec(name, priority));
    CAF_REQUIRE(id);
    return *id;
  }

  job_report report(const job_id& id) {
    auto result = ask<job_report>(atom::get_v, id);
    CAF_REQUIRE(result);
    return *result;
  }

  /// Inputs of the tasks that were placed, in order.
  std::vector<std::string> placed() {
    std::vector<std::string> result;
    for (const auto& x : heard.run)
      result.push_back(std::filesystem::path{x.input}.stem().string());
    return result;
  }

  /// The last task that was placed fails.
  void fail_last() {
    caf::anon_send(heard.jobs.back(), atom::failed_v, heard.run.back().id,
                   failure{ec::bad_input, "x", "y", ""});
    sched.run();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(coordinator_tests, fixture)

CAF_TEST(a job that cannot be is refused with the reason) {
  auto bad = spec("a");
  bad.what.codec = "nonsense";
  auto result = ask<job_id>(atom::submit_v, bad);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::usage);
}

CAF_TEST(a submitted job is queued and named after its input) {
  auto id = submit("a", 3);
  auto found = report(id);
  CAF_CHECK(found.id == id);
  CAF_CHECK(found.state == job_state::queued);
  CAF_CHECK_EQUAL(found.spec.name, "a.mkv");
  CAF_CHECK_EQUAL(found.priority, 3u);
  CAF_CHECK(found.created_ms > 0);
  CAF_CHECK_EQUAL(found.tasks.size(), 1u);
}

CAF_TEST(a job waits until a worker comes) {
  submit("a");
  CAF_CHECK(heard.run.empty());
  enlist(1);
  CAF_CHECK_EQUAL(placed(), std::vector<std::string>{"a"});
}

CAF_TEST(jobs get slots by priority and then by age) {
  submit("old", 5);
  submit("new", 5);
  submit("late", 9);
  submit("urgent", 1);
  enlist(1);
  for (int i = 0; i < 3; ++i)
    fail_last();
  CAF_CHECK_EQUAL(placed(),
                  (std::vector<std::string>{"urgent", "old", "new", "late"}));
}

CAF_TEST(as many jobs run as there are slots) {
  for (auto name : {"a", "b", "c"})
    submit(name);
  enlist(2);
  CAF_CHECK_EQUAL(placed(), (std::vector<std::string>{"a", "b"}));
  fail_last();
  CAF_CHECK_EQUAL(placed(), (std::vector<std::string>{"a", "b", "c"}));
}

CAF_TEST(a worker that enlists twice has its slots once) {
  submit("a");
  submit("b");
  enlist(1);
  enlist(1);
  CAF_CHECK_EQUAL(placed(), std::vector<std::string>{"a"});
}

CAF_TEST(a job keeps its slot from probe to encode) {
  enlist(1);
  submit("a", 5);
  submit("urgent", 1);
  task_result probed;
  probed.id = heard.run.back().id;
  probed.media = sample_media();
  caf::anon_send(heard.jobs.back(), atom::done_v, probed);
  sched.run();
  CAF_CHECK_EQUAL(placed(), (std::vector<std::string>{"a", "a"}));
  CAF_CHECK(heard.run.back().kind == task_kind::whole);
}

CAF_TEST(a cancelled job gives its turn away) {
  auto first = submit("a");
  submit("b");
  CAF_CHECK(ask<job_id>(atom::cancel_v, first));
  sched.run();
  CAF_CHECK(report(first).state == job_state::cancelled);
  enlist(1);
  CAF_CHECK_EQUAL(placed(), std::vector<std::string>{"b"});
}

CAF_TEST(an ended job is still known) {
  enlist(1);
  auto id = submit("a");
  fail_last();
  CAF_CHECK(report(id).state == job_state::failed);
  CAF_CHECK(ask<job_id>(atom::cancel_v, id));
  caf::anon_send(aut, atom::watch_v, id, observer);
  sched.run();
  CAF_REQUIRE_EQUAL(seen.size(), 1u);
  CAF_CHECK(seen[0].error.code == ec::bad_input);
}

CAF_TEST(an observer hears a job to its end) {
  enlist(1);
  auto id = submit("a");
  caf::anon_send(aut, atom::watch_v, id, observer);
  sched.run();
  fail_last();
  CAF_REQUIRE(seen.size() >= 2);
  CAF_CHECK(seen.front().state == job_state::planning);
  CAF_CHECK(seen.back().state == job_state::failed);
}

CAF_TEST(a job that never was is not found) {
  job_id none{1, 2};
  CAF_CHECK(ask<job_report>(atom::get_v, none).error().code == ec::not_found);
  CAF_CHECK(ask<job_id>(atom::cancel_v, none).error().code == ec::not_found);
  caf::anon_send(aut, atom::watch_v, none, observer);
  sched.run();
  CAF_REQUIRE_EQUAL(seen.size(), 1u);
  CAF_CHECK(seen[0].state == job_state::failed);
  CAF_CHECK(seen[0].error.code == ec::not_found);
}

CAF_TEST(a job whose actor died has failed and its slot is free) {
  enlist(1);
  auto id = submit("a");
  submit("b");
  caf::anon_send_exit(heard.jobs.back(), caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(report(id).state == job_state::failed);
  CAF_CHECK(report(id).error.code == ec::internal);
  CAF_CHECK_EQUAL(placed(), (std::vector<std::string>{"a", "b"}));
}

CAF_TEST(a worker that is gone gets no more tasks) {
  enlist(2);
  submit("a");
  caf::anon_send_exit(worker, caf::exit_reason::kill);
  sched.run();
  auto id = submit("b");
  CAF_CHECK(report(id).state == job_state::queued);
}

CAF_TEST_FIXTURE_SCOPE_END()
