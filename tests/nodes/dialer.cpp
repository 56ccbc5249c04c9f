#define CAF_SUITE dialer

#include "nodes/dialer.hpp"

#include "tests/actors/fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// What the next calls come to.
struct line {
  std::vector<caf::error> errors; ///< of the first ones; later ones get through
  bool hangs = false;
  bool dies = false;
  std::vector<std::string> called; ///< hosts
};

dialer_actor::behavior_type call_stub(dialer_actor::pointer self, line* to) {
  return {
      [=](atom::dial, const std::string& host,
          uint16_t) -> caf::result<caf::strong_actor_ptr> {
        to->called.push_back(host);
        auto promise = self->make_response_promise<caf::strong_actor_ptr>();
        if (to->hangs)
          return promise;
        self->quit(to->dies ? caf::exit_reason::unhandled_exception
                            : caf::exit_reason::normal);
        if (to->dies)
          return promise;
        if (to->errors.empty()) {
          promise.deliver(caf::actor_cast<caf::strong_actor_ptr>(self));
          return promise;
        }
        promise.deliver(to->errors.front());
        to->errors.erase(to->errors.begin());
        return promise;
      },
  };
}

struct fixture : actor_fixture {
  line network;
  std::vector<dialer_actor> calls;
  dialer_actor aut = track(sys.spawn(dialer, config()));

  dialer_config config() {
    dialer_config result;
    result.max_calls = 2;
    result.spawn_call = [this] {
      calls.push_back(track(sys.spawn(call_stub, &network)));
      return calls.back();
    };
    return result;
  }

  auto ask(const std::string& host) {
    auto pending =
        self->request(aut, caf::infinite, atom::dial_v, host, uint16_t{1});
    sched.run();
    return pending;
  }

  template <class Pending>
  failure answer(Pending& pending) {
    failure result;
    pending.receive([](const caf::strong_actor_ptr&) {},
                    [&](const caf::error& e) { result = from_caf(e); });
    return result;
  }

  failure dial(const std::string& host) {
    auto pending = ask(host);
    return answer(pending);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dialer_tests, fixture)

CAF_TEST(a call that gets through is the answer) {
  CAF_CHECK(dial("alpha").code == ec::none);
  CAF_CHECK(network.called == std::vector<std::string>{"alpha"});
}

CAF_TEST(a handshake that met a heartbeat is tried once more) {
  network.errors = {caf::sec::connection_timeout};
  CAF_CHECK(dial("alpha").code == ec::none);
  CAF_CHECK_EQUAL(network.called.size(), 2u);
}

CAF_TEST(a second cut handshake is a failure) {
  network.errors = {caf::sec::connection_timeout, caf::sec::connection_timeout};
  auto why = dial("alpha");
  CAF_CHECK(why.code == ec::no_cluster);
  CAF_CHECK_EQUAL(why.subject, "alpha:1");
  CAF_CHECK_EQUAL(network.called.size(), 2u);
}

CAF_TEST(other failures are not tried again) {
  network.errors = {to_caf({ec::no_cluster, "alpha:1", "refused", ""})};
  auto why = dial("alpha");
  CAF_CHECK(why.code == ec::no_cluster);
  CAF_CHECK_EQUAL(why.cause, "refused");
  network.errors = {caf::sec::disconnect_during_handshake};
  CAF_CHECK(dial("alpha").advice.find("[tls]") != std::string::npos);
  CAF_CHECK_EQUAL(network.called.size(), 2u);
}

CAF_TEST(one call serves all who dial the same place) {
  network.hangs = true;
  auto first = ask("alpha");
  auto second = ask("alpha");
  CAF_CHECK_EQUAL(network.called.size(), 1u);
  pass(6s);
  for (auto* x : {&first, &second}) {
    auto why = answer(*x);
    CAF_CHECK(why.code == ec::no_cluster);
    CAF_CHECK_EQUAL(why.cause, "no answer within 5000 ms");
  }
}

CAF_TEST(a host that hangs holds up no other) {
  network.hangs = true;
  auto mute = ask("mute");
  network.hangs = false;
  CAF_CHECK(dial("alpha").code == ec::none);
  pass(6s);
  CAF_CHECK(answer(mute).code == ec::no_cluster);
}

CAF_TEST(calls that hang have a limit until they end) {
  network.hangs = true;
  auto first = ask("one");
  auto second = ask("two");
  CAF_CHECK(dial("three").code == ec::no_cluster);
  CAF_CHECK_EQUAL(network.called.size(), 2u);
  pass(6s);
  answer(first);
  answer(second);
  // Nobody waits for them any more, and still they run.
  CAF_CHECK(dial("three").code == ec::no_cluster);
  caf::anon_send_exit(calls[0], caf::exit_reason::kill);
  sched.run();
  network.hangs = false;
  CAF_CHECK(dial("three").code == ec::none);
}

CAF_TEST(a call that dies is a failure) {
  network.dies = true;
  CAF_CHECK(dial("alpha").code == ec::no_cluster);
}

CAF_TEST_FIXTURE_SCOPE_END()
