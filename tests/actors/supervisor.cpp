#define CAF_SUITE supervisor

#include "actors/supervisor.hpp"

#include <deque>

#include <caf/event_based_actor.hpp>

#include "tests/actors/fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// A child's actor. One that is stubborn overhears that it should end.
caf::behavior actor_stub(caf::event_based_actor* self, bool stubborn) {
  if (stubborn)
    self->set_exit_handler([](const caf::exit_msg&) {});
  return {[](atom::tick) {}};
}

/// A child of which every start is kept.
struct child {
  std::deque<std::vector<caf::actor>> starts;
  size_t actors = 1; ///< of each start
  bool fails = false;
  bool stubborn = false;
};

struct fixture : actor_fixture {
  std::map<std::string, child> children;
  std::vector<std::string> ends; ///< names, in the order of their end
  supervisor_actor aut;
  std::optional<failure> ended; ///< why the supervisor did

  ~fixture() {
    // While what their ends are written into is still there.
    for (const auto& x : spawned)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  child_spec spec(const std::string& name) {
    return {name, [this, name]() -> outcome<std::vector<caf::actor>> {
              auto& made = children[name];
              made.starts.emplace_back();
              if (made.fails)
                return failure{ec::io_error, name, "can't start", ""};
              for (size_t i = 0; i < made.actors; ++i)
                made.starts.back().push_back(start_one(name, made.stubborn));
              return made.starts.back();
            }};
  }

  caf::actor start_one(const std::string& name, bool stubborn) {
    auto made = track(sys.spawn(actor_stub, stubborn));
    made->attach_functor([this, name] { ends.push_back(name); });
    return made;
  }

  void supervise(const std::vector<std::string>& names) {
    supervisor_config config;
    for (const auto& name : names)
      config.children.push_back(spec(name));
    aut = track(sys.spawn(supervisor, std::move(config)));
    aut->attach_functor(
        [this](const caf::error& reason) { ended = from_caf(reason); });
    sched.run();
  }

  child& of(const std::string& name) { return children[name]; }

  void kill(const std::string& name, size_t index = 0) {
    caf::anon_send_exit(of(name).starts.back().at(index),
                        caf::exit_reason::kill);
    sched.run();
  }

  void end() {
    caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
    sched.run();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_tests, fixture)

CAF_TEST(only the child that died is started again) {
  supervise({"worker", "membership"});
  kill("worker");
  CAF_CHECK_EQUAL(of("worker").starts.size(), 1u);
  pass(1s);
  CAF_CHECK_EQUAL(of("worker").starts.size(), 2u);
  CAF_CHECK_EQUAL(of("membership").starts.size(), 1u);
  CAF_CHECK(!dead(aut));
}

CAF_TEST(actors of one child go together) {
  of("coordinator").actors = 2;
  supervise({"coordinator"});
  for (size_t index : {0, 1}) {
    kill("coordinator", index);
    auto& last = of("coordinator").starts.back();
    CAF_CHECK(dead(last[0]));
    CAF_CHECK(dead(last[1]));
    pass(1s);
  }
  CAF_CHECK_EQUAL(of("coordinator").starts.size(), 3u);
}

CAF_TEST(a fourth death within ten seconds ends everything) {
  supervise({"worker", "membership"});
  for (int i = 0; i < 3; ++i) {
    kill("worker");
    pass(1s);
  }
  CAF_CHECK(!dead(aut));
  CAF_CHECK_EQUAL(of("worker").starts.size(), 4u);
  kill("worker");
  CAF_CHECK(dead(aut));
  CAF_CHECK(dead(of("membership").starts.back()[0]));
  CAF_REQUIRE(ended);
  CAF_CHECK(ended->code == ec::internal);
  CAF_CHECK_EQUAL(ended->subject, "worker");
}

CAF_TEST(deaths far apart are forgiven) {
  supervise({"worker"});
  for (int i = 0; i < 10; ++i) {
    kill("worker");
    pass(11s);
  }
  CAF_CHECK(!dead(aut));
  CAF_CHECK_EQUAL(of("worker").starts.size(), 11u);
}

CAF_TEST(a child that cannot start ends everything with its reason) {
  of("coordinator").fails = true;
  supervise({"worker", "coordinator"});
  pass(10s);
  CAF_CHECK_EQUAL(of("coordinator").starts.size(), 4u);
  CAF_CHECK(dead(aut));
  CAF_CHECK(dead(of("worker").starts.back()[0]));
  CAF_REQUIRE(ended);
  CAF_CHECK(ended->cause.find("can't start") != std::string::npos);
}

CAF_TEST(the end is in the reverse order of the start) {
  of("coordinator").actors = 2;
  supervise({"worker", "coordinator", "membership"});
  end();
  CAF_CHECK(dead(aut));
  CAF_CHECK(ends
            == (std::vector<std::string>{"membership", "coordinator",
                                         "coordinator", "worker"}));
}

CAF_TEST(a child that waits for its restart does not hold up the end) {
  supervise({"worker", "membership"});
  kill("membership");
  end();
  CAF_CHECK(dead(aut));
  CAF_CHECK_EQUAL(of("membership").starts.size(), 1u);
}

CAF_TEST(a child that does not end is done without) {
  of("membership").stubborn = true;
  supervise({"worker", "membership"});
  end();
  CAF_CHECK(!dead(aut));
  CAF_CHECK(!dead(of("worker").starts.back()[0]));
  pass(11s);
  CAF_CHECK(dead(of("worker").starts.back()[0]));
  CAF_CHECK(dead(aut));
}

CAF_TEST(a child of which a part does not end cannot be replaced) {
  of("coordinator").actors = 2;
  of("coordinator").stubborn = true;
  supervise({"coordinator"});
  kill("coordinator");
  pass(5s);
  CAF_CHECK_EQUAL(of("coordinator").starts.size(), 1u);
  CAF_CHECK(!dead(aut));
  pass(6s);
  CAF_CHECK(dead(aut));
}

CAF_TEST_FIXTURE_SCOPE_END()
