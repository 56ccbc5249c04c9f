#define CAF_SUITE finder

#include "actors/finder.hpp"

#include <map>

#include "tests/actors/cluster_stubs.hpp"
#include "tests/actors/fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// Who can be dialled; nobody else answers.
using network = std::map<std::string, membership_actor>;

dialer_actor::behavior_type dialer_stub(dialer_actor::pointer,
                                        const network* hosts) {
  return {
      [=](atom::dial, const std::string& host,
          uint16_t) -> caf::result<caf::strong_actor_ptr> {
        if (host == "nothing")
          return caf::strong_actor_ptr{};
        auto found = hosts->find(host);
        if (found == hosts->end())
          return to_caf({ec::no_cluster, host, "connection refused", ""});
        return caf::actor_cast<caf::strong_actor_ptr>(found->second);
      },
  };
}

struct fixture : actor_fixture {
  told_by_nodes told;
  coordinator_actor coordinator = track(sys.spawn(node_keeper, &told));
  std::map<std::string, peer_answers> answers;
  network hosts;
  dialer_actor dialer = track(sys.spawn(dialer_stub, &hosts));
  finder_actor aut;

  peer_answers& node(const std::string& host) {
    auto& to = answers[host];
    if (!hosts.contains(host))
      hosts[host] = track(sys.spawn(peer_stub, &to));
    return to;
  }

  void look_at(std::vector<seed> seeds) {
    finder_config config;
    config.seeds = std::move(seeds);
    config.dialer = dialer;
    config.version = "1.0";
    config.name = "beta";
    aut = track(sys.spawn(finder, std::move(config)));
  }

  outcome<found_coordinator> find(std::chrono::milliseconds time = 0ms) {
    auto pending = self->request(aut, caf::infinite, atom::find_v);
    sched.run();
    pass(time);
    outcome<found_coordinator> result{failure{}};
    pending.receive([&](const found_coordinator& x) { result = x; },
                    [&](const caf::error& e) { result = from_caf(e); });
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(finder_tests, fixture)

CAF_TEST(a seed with the coordinator is the answer) {
  node("alpha").leads = coordinator;
  look_at({{"alpha", 1}});
  auto found = find();
  CAF_REQUIRE(found);
  CAF_CHECK(found->coordinator == coordinator);
  CAF_CHECK_EQUAL(found->host, "alpha");
  CAF_CHECK_EQUAL(found->port, 1u);
  CAF_CHECK_EQUAL(node("alpha").names.at(0), "beta");
}

CAF_TEST(a seed that knows the coordinator is followed) {
  node("alpha").leads = coordinator;
  node("gamma").host = "alpha";
  node("gamma").port = 7;
  look_at({{"gamma", 1}});
  auto found = find();
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->host, "alpha");
  CAF_CHECK_EQUAL(found->port, 7u);
}

CAF_TEST(one good seed among bad ones is enough) {
  node("alpha").leads = coordinator;
  node("mute").silent = true;
  look_at({{"gone", 1}, {"mute", 1}, {"alpha", 1}});
  CAF_CHECK(find());
}

CAF_TEST(seeds that lead in a circle are no cluster) {
  node("alpha").host = "beta";
  node("beta").host = "alpha";
  node("alpha").port = node("beta").port = 1;
  look_at({{"alpha", 1}});
  auto found = find();
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().code == ec::no_cluster);
  CAF_CHECK_EQUAL(node("alpha").greeted, 1u);
}

CAF_TEST(every seed has its reason in the failure) {
  node("gamma").suits = false;
  node("gamma").reason = "speaks protocol 9";
  look_at({{"gone", 1}, {"gamma", 2}, {"nothing", 3}});
  auto found = find();
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().code == ec::protocol_mismatch);
  for (auto part : {"gone:1: connection refused", "gamma:2: speaks protocol 9",
                    "nothing:3: what answers there is no node of troupe"})
    CAF_CHECK(found.error().cause.find(part) != std::string::npos);
}

CAF_TEST(a seed without a coordinator says that) {
  node("alpha").leads.reset();
  look_at({{"alpha", 1}});
  auto found = find();
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().cause == "is not the coordinator");
}

CAF_TEST(a seed that says nothing is given up) {
  node("mute").silent = true;
  look_at({{"mute", 1}});
  auto found = find(6s);
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().code == ec::no_cluster);
  CAF_CHECK_EQUAL(found.error().cause, "no answer to our greeting");
}

CAF_TEST(without seeds the answer comes at once) {
  look_at({});
  CAF_CHECK(!find());
}

CAF_TEST(who asks during a search shares it) {
  node("alpha").leads = coordinator;
  look_at({{"alpha", 1}});
  auto first = self->request(aut, caf::infinite, atom::find_v);
  auto second = self->request(aut, caf::infinite, atom::find_v);
  sched.run();
  auto answers_heard = 0;
  auto count = [&](const found_coordinator&) { ++answers_heard; };
  auto fail = [](const caf::error&) { CAF_ERROR("not found"); };
  first.receive(count, fail);
  second.receive(count, fail);
  CAF_CHECK_EQUAL(answers_heard, 2);
  CAF_CHECK_EQUAL(node("alpha").greeted, 1u);
  CAF_CHECK(find());
  CAF_CHECK_EQUAL(node("alpha").greeted, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
