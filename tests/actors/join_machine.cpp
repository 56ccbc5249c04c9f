#define CAF_SUITE join_machine

#include "actors/join_machine.hpp"

#include <caf/test/dsl.hpp>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

failure because(ec code, std::string cause = "why") {
  return {code, "alpha", std::move(cause), ""};
}

struct fixture {
  join_machine machine{1};
  join_machine::time_point now{};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(join_machine_tests, fixture)

CAF_TEST(a cluster that is not there is looked for without end) {
  for (int i = 0; i < 10'000; ++i) {
    auto verdict = machine.refused(because(ec::no_cluster), now);
    CAF_REQUIRE(!verdict.give_up);
    CAF_REQUIRE(verdict.delay > 0ms);
    CAF_REQUIRE(verdict.delay <= 1s);
    now += verdict.delay;
  }
}

CAF_TEST(the same reason is told once a minute and another one at once) {
  CAF_CHECK(machine.refused(because(ec::no_cluster), now).worth_a_line);
  now += 59s;
  CAF_CHECK(!machine.refused(because(ec::no_cluster), now).worth_a_line);
  CAF_CHECK(
      machine.refused(because(ec::no_cluster, "other"), now).worth_a_line);
  now += 60s;
  CAF_CHECK(
      machine.refused(because(ec::no_cluster, "other"), now).worth_a_line);
}

CAF_TEST(a stranger that does not suit the cluster gives up) {
  CAF_CHECK(machine.refused(because(ec::protocol_mismatch), now).give_up);
  CAF_CHECK(machine.refused(because(ec::conflict), now).give_up);
}

CAF_TEST(a member waits until its cluster suits it again) {
  machine.joined();
  CAF_CHECK(!machine.refused(because(ec::protocol_mismatch), now).give_up);
  CAF_CHECK(!machine.refused(because(ec::conflict), now).give_up);
}

CAF_TEST(a name that stays taken ends the node after ten seconds) {
  CAF_CHECK(!machine.refused(because(ec::name_taken), now).give_up);
  now += 9999ms;
  CAF_CHECK(!machine.refused(because(ec::name_taken), now).give_up);
  now += 1ms;
  CAF_CHECK(machine.refused(because(ec::name_taken), now).give_up);
}

CAF_TEST(the time of a taken name counts anew after another answer) {
  machine.refused(because(ec::name_taken), now);
  now += 9s;
  machine.refused(because(ec::no_cluster), now);
  now += 2s;
  CAF_CHECK(!machine.refused(because(ec::name_taken), now).give_up);
}

CAF_TEST(a member learns that it was replaced) {
  machine.joined();
  CAF_CHECK(machine.was_member());
  machine.refused(because(ec::name_taken), now);
  CAF_CHECK(machine.refused(because(ec::name_taken), now + 10s).give_up);
}

CAF_TEST_FIXTURE_SCOPE_END()
