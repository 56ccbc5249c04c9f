#define CAF_SUITE model

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/test/unit_test.hpp>

#include "messages/interfaces.hpp"
#include "messages/types.hpp"
#include "tests/simulation/dialer.hpp"
#include "tests/simulation/world.hpp"

// The model must do what CAF's io module does, or what runs on it proves
// nothing.

namespace {

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::simulation;

/// What an actor of one process saw of an actor of another.
struct seen {
  std::vector<std::string> heard;
  std::vector<std::string> ends;
  std::vector<std::string> errors;
  uint32_t connected = 0;
  caf::actor there;
  bool dead = false;
};

/// Answers a line with itself; greets handles that it is sent, and tells the
/// one before of each.
caf::behavior echo(caf::event_based_actor* self) {
  auto before = std::make_shared<membership_actor>();
  return {
      [](const std::string& line) { return line; },
      [=](const membership_actor& x) {
        self->send(caf::actor_cast<caf::actor>(x), std::string{"greetings"});
        if (*before)
          self->send(caf::actor_cast<caf::actor>(*before), x);
        *before = x;
      },
      [=](atom::leave) { self->quit(); },
  };
}

caf::behavior idle(caf::event_based_actor*) {
  return {[](atom::tick) {}};
}

/// Dials, monitors what it finds, and asks it what it is told to ask.
caf::behavior caller(caf::event_based_actor* self, dialer_actor dialer,
                     std::string host, uint16_t port, seen* to) {
  self->set_down_handler([=](const caf::down_msg& down) {
    to->ends.emplace_back(
        down.reason == caf::exit_reason::remote_link_unreachable ? "unreachable"
                                                                 : "ended");
  });
  self->request(dialer, 30s, atom::dial_v, std::move(host), port)
      .then(
          [=](const caf::strong_actor_ptr& found) {
            ++to->connected;
            to->there = caf::actor_cast<caf::actor>(found);
            self->monitor(to->there);
          },
          [=](const caf::error& error) {
            to->errors.push_back(from_caf(error).cause);
          });
  return {
      [=](atom::run, const std::string& line) {
        self->request(to->there, 5s, line)
            .then([=](const std::string& x) { to->heard.push_back(x); },
                  [=](const caf::error& error) {
                    to->errors.push_back(from_caf(error).cause);
                  });
      },
      [=](const std::string& line) { to->heard.push_back(line); },
      [=](const membership_actor&) { to->heard.push_back("a handle"); },
      [=](atom::enlist) {
        self->send(to->there, caf::actor_cast<membership_actor>(
                                  caf::actor_cast<caf::actor>(self)));
      },
  };
}

struct fixture {
  world all{7};
  process* server = &all.start("mars", "mars:1");
  process* client = &all.start("earth", "earth:1");
  caf::actor served = server->system().spawn(echo);
  seen saw;
  caf::actor asking;

  fixture() { server->publish(caf::actor_cast<caf::strong_actor_ptr>(served)); }

  ~fixture() {
    saw.there = nullptr;
    asking = nullptr;
    served = nullptr;
    if (all.complaints.empty())
      return;
    for (const auto& x : all.complaints)
      CAF_ERROR("complaint: " << x);
  }

  void call() {
    asking = client->system().spawn(caller, spawn_dialer(*client, all.wires()),
                                    "mars", uint16_t{1}, &saw);
    all.run_for(1s);
  }

  void ask(const std::string& line) {
    caf::anon_send(asking, atom::run_v, line);
  }
};

using lines = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_tests, fixture)

CAF_TEST(messages and answers cross in the order of their sending) {
  call();
  lines sent;
  for (int i = 0; i < 50; ++i) {
    sent.push_back(std::to_string(i));
    ask(sent.back());
    if (i % 5 == 0)
      all.run_for(1ms);
  }
  all.run_for(2s);
  CAF_CHECK(saw.heard == sent);
}

CAF_TEST(a handle inside a message can be answered to) {
  call();
  caf::anon_send(asking, atom::enlist_v);
  all.run_for(1s);
  CAF_CHECK(saw.heard == lines{"greetings"});
}

CAF_TEST(a dial to a process that is not there is refused) {
  all.end(*server);
  call();
  CAF_CHECK(saw.errors == lines{"connection refused"});
}

CAF_TEST(the end of an actor reaches who monitors it elsewhere) {
  call();
  caf::anon_send(served, atom::leave_v);
  all.run_for(1s);
  CAF_CHECK(saw.ends == lines{"ended"});
  // What is asked of it now is lost.
  ask("hello");
  all.run_for(4s);
  CAF_CHECK(saw.errors.empty());
  all.run_for(2s);
  CAF_CHECK(saw.errors == lines{"no answer in time"});
}

CAF_TEST(a killed process is noticed within milliseconds) {
  call();
  served = nullptr;
  all.end(*server);
  all.run_for(100ms);
  CAF_CHECK(saw.ends == lines{"unreachable"});
}

CAF_TEST(a stopped process is noticed after two seconds and not before) {
  call();
  server->pause();
  all.run_for(1999ms);
  CAF_CHECK(saw.ends.empty());
  all.run_for(501ms);
  CAF_CHECK(saw.ends == lines{"unreachable"});
}

CAF_TEST(a process stopped shortly answers late) {
  call();
  server->pause();
  ask("late");
  all.run_for(1s);
  CAF_CHECK(saw.heard.empty());
  server->thaw();
  all.run_for(1s);
  CAF_CHECK(saw.heard == lines{"late"});
  CAF_CHECK(saw.ends.empty());
}

CAF_TEST(timers of a stopped process fire when it goes on) {
  call();
  client->pause();
  server->pause();
  all.run_for(500ms);
  client->thaw();
  ask("x"); // nobody answers
  all.run_for(4900ms);
  client->pause();
  all.run_for(10s);
  CAF_CHECK(saw.errors.empty());
  client->thaw();
  all.run_for(0s);
  CAF_CHECK_EQUAL(saw.errors.size(), 1u);
}

CAF_TEST(both sides of a cut cable notice and a dial hangs) {
  call();
  all.wires().cut("mars");
  all.run_for(3s);
  CAF_CHECK(saw.ends == lines{"unreachable"});
  CAF_CHECK(!all.wires().linked(client->id(), server->id()));
  CAF_CHECK(!all.wires().linked(server->id(), client->id()));
  call();
  CAF_CHECK(saw.errors.empty());
  all.run_for(10s);
  CAF_CHECK(saw.errors == lines{"no answer in time"});
}

CAF_TEST(a cable that is healed soon delivers what it held) {
  call();
  all.wires().cut("mars");
  ask("held");
  all.run_for(1s);
  CAF_CHECK(saw.heard.empty());
  all.wires().heal("mars");
  all.run_for(3s);
  CAF_CHECK(saw.heard == lines{"held"});
  CAF_CHECK(saw.ends.empty());
}

CAF_TEST(handles of a broken link stay dead and a new dial brings new ones) {
  call();
  all.wires().reset("mars");
  all.run_for(1s);
  CAF_CHECK(saw.ends == lines{"unreachable"});
  ask("lost");
  all.run_for(6s);
  CAF_CHECK(saw.errors == lines{"no answer in time"});
  call();
  ask("found");
  all.run_for(1s);
  CAF_CHECK(saw.heard == lines{"found"});
}

CAF_TEST(a message of a type that nobody registered is noticed) {
  call();
  auto sender = client->system().spawn(idle);
  saw.there->enqueue(caf::actor_cast<caf::strong_actor_ptr>(sender),
                     caf::make_message_id(),
                     caf::make_message(std::vector<std::set<int>>{}), nullptr);
  all.run_for(1s);
  CAF_CHECK_EQUAL(all.complaints.size(), 1u);
  all.complaints.clear();
}

CAF_TEST(a handle of a third process is noticed) {
  call();
  auto& third = all.start("venus", "venus:1");
  seen other;
  auto there = third.system().spawn(caller, spawn_dialer(third, all.wires()),
                                    "mars", uint16_t{1}, &other);
  all.run_for(1s);
  CAF_CHECK_EQUAL(other.connected, 1u);
  // Mars has a link with both; earth has none with venus.
  caf::anon_send(asking, atom::enlist_v);
  all.run_for(1s);
  CAF_CHECK(all.complaints.empty());
  caf::anon_send(there, atom::enlist_v);
  all.run_for(1s);
  CAF_CHECK(other.heard == lines{"greetings"});
  CAF_CHECK_EQUAL(all.complaints.size(), 1u);
  all.complaints.clear();
  other.there = nullptr;
}

CAF_TEST(a kill in the midst of work ends every actor and runs no handler) {
  call();
  for (int i = 0; i < 20; ++i)
    ask("many");
  bool killed = false;
  all.after_steps(*server, 5, [&] {
    served = nullptr;
    all.end(*server);
    killed = true;
  });
  all.run_for(1s);
  CAF_CHECK(killed);
  CAF_CHECK_LESS(saw.heard.size(), 6u);
  CAF_CHECK(saw.ends == lines{"unreachable"});
}

CAF_TEST(the same seed gives the same history) {
  auto run = [] {
    std::vector<double> times;
    fixture x;
    x.all.watch = [&] { times.push_back(x.all.time().elapsed_ms()); };
    x.call();
    for (int i = 0; i < 30; ++i)
      x.ask("again");
    x.all.run_for(3s);
    return times;
  };
  CAF_CHECK(run() == run());
}

CAF_TEST_FIXTURE_SCOPE_END()
