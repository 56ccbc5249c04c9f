#define CAF_SUITE membership

#include "actors/membership.hpp"

#include "tests/actors/cluster_stubs.hpp"
#include "tests/actors/fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

member row(const std::string& name, const std::string& address, bool leads) {
  member result;
  result.card.key = {name, 1};
  result.card.address = address;
  result.card.roles.coordinator = leads;
  result.state = member_state::up;
  return result;
}

struct greeting {
  bool suits = false;
  std::string reason;
  std::string host;
  uint16_t port = 0;
};

struct fixture : actor_fixture {
  told_by_nodes alpha; ///< the coordinator's node
  told_finder search;
  told_worker work;
  coordinator_actor coordinator = track(sys.spawn(node_keeper, &alpha));
  finder_actor finder = track(sys.spawn(finder_stub, &search));
  worker_actor worker = track(sys.spawn(worker_stub, &work));
  std::vector<std::string> joined;
  std::vector<failure> gave_up;
  membership_actor aut;

  fixture() {
    alpha.greeting.epoch = 4;
    alpha.greeting.table = {row("alpha", "10.0.0.1:7400", true)};
    search.found = found_coordinator{coordinator, "alpha", 7400};
  }

  membership_config config(node_roles roles = {}) {
    membership_config result;
    result.card.key = {"beta", 77};
    result.card.roles = roles;
    result.card.version = "1.0";
    result.finder = finder;
    result.sample = [] {
      node_load load;
      load.cpu = 0.25;
      return load;
    };
    result.joined = [this](const std::string& x) { joined.push_back(x); };
    result.gave_up = [this](const failure& x) { gave_up.push_back(x); };
    return result;
  }

  placed_worker place() { return {{"beta", 77}, worker, {}, 2, 1}; }

  /// A worker's node.
  void start(node_roles roles = {}) {
    aut = track(sys.spawn(membership, config(roles)));
    if (roles.worker)
      caf::anon_send(aut, atom::enlist_v, place());
    sched.run();
  }

  void start_coordinating() {
    start({.coordinator = true, .worker = true, .gateway = false});
    caf::anon_send(aut, atom::lead_v, coordinator);
    sched.run();
  }

  outcome<greeting> hello(uint32_t protocol = protocol_version) {
    auto pending = self->request(aut, caf::infinite, atom::hello_v, protocol,
                                 std::string{"0.9"}, std::string{"gamma"});
    sched.run();
    outcome<greeting> result{failure{}};
    pending.receive(
        [&](bool suits, const std::string& reason, const std::string& host,
            uint16_t port) {
          result = greeting{suits, reason, host, port};
        },
        [&](const caf::error& e) { result = from_caf(e); });
    return result;
  }

  outcome<coordinator_actor> lead() {
    auto pending = self->request(aut, caf::infinite, atom::lead_v);
    sched.run();
    outcome<coordinator_actor> result{failure{}};
    pending.receive([&](const coordinator_actor& x) { result = x; },
                    [&](const caf::error& e) { result = from_caf(e); });
    return result;
  }

  void kill(const auto& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
    sched.run();
  }

  static held_attempt attempt() {
    held_attempt result;
    result.spec.id = {job_id{1, 2}, 0, 1};
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(membership_tests, fixture)

CAF_TEST(a node joins with its worker and what that holds) {
  work.holds = {attempt()};
  start();
  CAF_REQUIRE_EQUAL(alpha.joins.size(), 1u);
  const auto& request = alpha.joins[0];
  CAF_CHECK_EQUAL(request.protocol, protocol_version);
  CAF_CHECK_EQUAL(request.card.key.name, "beta");
  CAF_CHECK_EQUAL(request.card.load.cpu, 0.25);
  CAF_CHECK(request.membership == aut);
  CAF_REQUIRE_EQUAL(request.place.size(), 1u);
  CAF_CHECK(request.place[0].worker == worker);
  CAF_REQUIRE_EQUAL(request.held.size(), 1u);
  CAF_CHECK(request.held[0].spec.id == attempt().spec.id);
  CAF_CHECK(joined == std::vector<std::string>{"alpha"});
}

CAF_TEST(the worker learns the epoch of who let it in) {
  start();
  CAF_CHECK(work.epochs == std::vector<uint64_t>{4});
}

CAF_TEST(a node that is no worker joins without one) {
  start({.coordinator = false, .worker = false, .gateway = true});
  CAF_REQUIRE_EQUAL(alpha.joins.size(), 1u);
  CAF_CHECK(alpha.joins[0].place.empty());
}

CAF_TEST(a worker without its worker actor does not join yet) {
  aut = track(sys.spawn(membership, config()));
  pass(5s);
  CAF_CHECK(alpha.joins.empty());
}

CAF_TEST(a member tells its load every second) {
  start();
  CAF_CHECK(alpha.status.empty());
  pass(3s);
  CAF_CHECK_EQUAL(alpha.status.size(), 3u);
}

CAF_TEST(abilities are told when known and after each join) {
  start();
  caf::anon_send(aut, atom::describe_v, profile{});
  sched.run();
  CAF_CHECK_EQUAL(alpha.abilities.size(), 1u);
  caf::anon_send(aut, atom::enlist_v, place());
  sched.run();
  CAF_CHECK_EQUAL(alpha.abilities.size(), 2u);
}

CAF_TEST(a node without a cluster looks for it at least every second) {
  search.found.reset();
  start();
  pass(60s);
  CAF_CHECK(search.searches >= 60u);
  CAF_CHECK(gave_up.empty());
  search.found = found_coordinator{coordinator, "alpha", 7400};
  pass(1s);
  CAF_CHECK_EQUAL(joined.size(), 1u);
}

CAF_TEST(a node that lost its coordinator looks for the next at once) {
  start();
  told_by_nodes second;
  second.greeting.epoch = 5;
  auto next = track(sys.spawn(node_keeper, &second));
  search.found = found_coordinator{next, "alpha", 7400};
  kill(coordinator);
  CAF_CHECK_EQUAL(second.joins.size(), 1u);
  CAF_CHECK(work.epochs == (std::vector<uint64_t>{4, 5}));
  CAF_CHECK_EQUAL(work.handbacks, 0u);
}

CAF_TEST(a coordinator that does not answer is asked again) {
  alpha.answers = false;
  start();
  CAF_CHECK_EQUAL(alpha.joins.size(), 1u);
  pass(7s);
  CAF_CHECK_EQUAL(alpha.joins.size(), 2u);
}

CAF_TEST(a stranger of another protocol gives up with the reason) {
  alpha.refusal = failure{ec::protocol_mismatch, "beta", "old", ""};
  start();
  CAF_REQUIRE_EQUAL(gave_up.size(), 1u);
  CAF_CHECK(gave_up[0].code == ec::protocol_mismatch);
  pass(5s);
  CAF_CHECK_EQUAL(alpha.joins.size(), 1u);
  CAF_CHECK_EQUAL(work.handbacks, 0u);
}

CAF_TEST(a taken name is waited for and then given up) {
  alpha.refusal = failure{ec::name_taken, "beta", "is there already", ""};
  start();
  pass(9s);
  CAF_CHECK(gave_up.empty());
  pass(3s);
  CAF_REQUIRE_EQUAL(gave_up.size(), 1u);
  CAF_CHECK(gave_up[0].code == ec::name_taken);
}

CAF_TEST(a name that gets free in time is taken) {
  alpha.refusal = failure{ec::name_taken, "beta", "is there already", ""};
  start();
  pass(5s);
  alpha.refusal.reset();
  pass(2s);
  CAF_CHECK_EQUAL(joined.size(), 1u);
  CAF_CHECK(gave_up.empty());
}

CAF_TEST(a node that was replaced hands everything back) {
  start();
  told_by_nodes second;
  second.refusal = failure{ec::name_taken, "beta", "is there already", ""};
  search.found =
      found_coordinator{track(sys.spawn(node_keeper, &second)), "alpha", 7400};
  kill(coordinator);
  pass(12s);
  CAF_REQUIRE_EQUAL(gave_up.size(), 1u);
  CAF_CHECK_EQUAL(work.handbacks, 1u);
}

CAF_TEST(a worker that was restarted is made known) {
  start();
  told_worker again;
  auto restarted = track(sys.spawn(worker_stub, &again));
  caf::anon_send(aut, atom::enlist_v,
                 placed_worker{{"beta", 77}, restarted, {}, 2, 1});
  sched.run();
  CAF_REQUIRE_EQUAL(alpha.joins.size(), 2u);
  CAF_CHECK(alpha.joins[1].place[0].worker == restarted);
  CAF_CHECK(again.epochs == std::vector<uint64_t>{4});
  pass(2s);
  CAF_CHECK_EQUAL(alpha.status.size(), 2u);
}

CAF_TEST(a dead worker is reported once it is replaced) {
  aut = track(sys.spawn(membership, config()));
  kill(worker);
  caf::anon_send(aut, atom::enlist_v, place());
  pass(2s);
  CAF_CHECK(alpha.joins.empty());
  worker = track(sys.spawn(worker_stub, &work));
  caf::anon_send(aut, atom::enlist_v, place());
  sched.run();
  CAF_CHECK_EQUAL(alpha.joins.size(), 1u);
}

CAF_TEST(whoever asks is led to the coordinator by its own address) {
  start();
  auto heard = hello();
  CAF_REQUIRE(heard);
  CAF_CHECK(heard->suits);
  CAF_CHECK_EQUAL(heard->host, "10.0.0.1");
  CAF_CHECK_EQUAL(heard->port, 7400u);
  auto leads = lead();
  CAF_REQUIRE(!leads);
  CAF_CHECK(leads.error().code == ec::not_coordinator);
}

CAF_TEST(a node that is looking itself leads nobody) {
  search.found.reset();
  start();
  auto heard = hello();
  CAF_REQUIRE(!heard);
  CAF_CHECK(heard.error().code == ec::not_coordinator);
  CAF_CHECK(lead().error().code == ec::not_coordinator);
}

CAF_TEST(another protocol is refused with both versions) {
  start();
  auto heard = hello(protocol_version + 1);
  CAF_REQUIRE(heard);
  CAF_CHECK(!heard->suits);
  CAF_CHECK(heard->reason.find("0.9") != std::string::npos);
  CAF_CHECK(heard->reason.find("1.0") != std::string::npos);
}

CAF_TEST(a coordinator joins itself when nobody else leads) {
  search.found.reset();
  start_coordinating();
  CAF_CHECK_EQUAL(search.searches, 1u);
  CAF_CHECK_EQUAL(alpha.joins.size(), 1u);
  auto heard = hello();
  CAF_REQUIRE(heard);
  CAF_CHECK_EQUAL(heard->host, "");
  auto leads = lead();
  CAF_REQUIRE(leads);
  CAF_CHECK(*leads == coordinator);
}

CAF_TEST(a second coordinator is refused by the first and ends) {
  told_by_nodes first;
  first.refusal = failure{ec::conflict, "beta", "alpha is it", ""};
  search.found =
      found_coordinator{track(sys.spawn(node_keeper, &first)), "alpha", 7400};
  start_coordinating();
  CAF_REQUIRE_EQUAL(gave_up.size(), 1u);
  CAF_CHECK(gave_up[0].code == ec::conflict);
  CAF_CHECK(alpha.joins.empty());
}

CAF_TEST(a coordinator that was restarted is joined again) {
  search.found.reset();
  start_coordinating();
  kill(coordinator);
  pass(2s);
  CAF_CHECK(!lead());
  told_by_nodes second;
  second.greeting.epoch = 5;
  auto next = track(sys.spawn(node_keeper, &second));
  caf::anon_send(aut, atom::lead_v, next);
  sched.run();
  CAF_CHECK_EQUAL(second.joins.size(), 1u);
  CAF_CHECK(*lead() == next);
  CAF_CHECK_EQUAL(search.searches, 1u);
}

CAF_TEST(rows that change are in the table) {
  start();
  caf::anon_send(aut, atom::members_v,
                 std::vector{row("gamma", "10.0.0.3:7400", false)});
  sched.run();
  auto pending = self->request(aut, caf::infinite, atom::nodes_v);
  sched.run();
  pending.receive(
      [](const std::vector<member>& x) { CAF_CHECK_EQUAL(x.size(), 2u); },
      [](const caf::error&) { CAF_ERROR("no table"); });
}

CAF_TEST(a node leaves when what runs is done) {
  work.holds = {attempt()};
  start();
  auto pending =
      self->request(aut, caf::infinite, atom::leave_v, uint64_t{30'000});
  sched.run();
  CAF_CHECK_EQUAL(work.drains, 1u);
  CAF_CHECK_EQUAL(alpha.drained.size(), 1u);
  pass(5s);
  CAF_CHECK(alpha.left.empty());
  work.holds.clear();
  pass(1s);
  CAF_CHECK_EQUAL(alpha.left.size(), 1u);
  CAF_CHECK_EQUAL(work.handbacks, 0u);
  auto answered = false;
  pending.receive([&](bool x) { answered = x; }, [](const caf::error&) {});
  CAF_CHECK(answered);
}

CAF_TEST(what runs beyond the limit is handed back) {
  work.holds = {attempt()};
  start();
  auto pending =
      self->request(aut, caf::infinite, atom::leave_v, uint64_t{2'000});
  sched.run();
  pass(3s);
  CAF_CHECK_EQUAL(work.handbacks, 1u);
  CAF_CHECK(alpha.left.empty());
  pass(6s);
  CAF_CHECK_EQUAL(work.handbacks, 1u);
  CAF_CHECK_EQUAL(alpha.left.size(), 1u);
  auto answered = false;
  pending.receive([&](bool x) { answered = x; }, [](const caf::error&) {});
  CAF_CHECK(answered);
}

CAF_TEST(who leaves during an absence of the coordinator tells the next) {
  work.holds = {attempt()};
  start();
  caf::anon_send(aut, atom::leave_v, uint64_t{30'000});
  sched.run();
  told_by_nodes second;
  auto next = track(sys.spawn(node_keeper, &second));
  search.found = found_coordinator{next, "alpha", 7400};
  kill(coordinator);
  CAF_CHECK_EQUAL(second.drained.size(), 1u);
  work.holds.clear();
  pass(1s);
  CAF_CHECK_EQUAL(second.left.size(), 1u);
}

CAF_TEST(a second leave is refused) {
  work.holds = {attempt()};
  start();
  caf::anon_send(aut, atom::leave_v, uint64_t{30'000});
  auto pending =
      self->request(aut, caf::infinite, atom::leave_v, uint64_t{30'000});
  sched.run();
  auto code = ec::none;
  pending.receive([](bool) {},
                  [&](const caf::error& e) { code = from_caf(e).code; });
  CAF_CHECK(code == ec::conflict);
}

CAF_TEST_FIXTURE_SCOPE_END()
