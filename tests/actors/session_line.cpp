#define CAF_SUITE session_line

#include "actors/session_line.hpp"

#include <csignal>

#include <caf/test/unit_test.hpp>

#include "tests/actors/fake_session.hpp"

using namespace troupe;

namespace {

struct fixture {
  test::fake_sessions sessions;
  int woken = 0;

  session_line open() {
    auto result =
        session_line::open(sessions.starter(), {}, [this] { ++woken; });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  void progress(uint64_t packets, bool verifying = false) {
    session::progress x;
    x.counters.packets_read = packets;
    x.verifying = verifying;
    sessions.last().say(x);
  }

  static uint64_t packets(std::optional<session::notice> x) {
    CAF_REQUIRE(x);
    auto said = std::get<session::event>(*x);
    return std::get<session::progress>(said).counters.packets_read;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_line_tests, fixture)

CAF_TEST(notices come out in order and wake the actor once) {
  auto line = open();
  sessions.last().say(session::hello{});
  sessions.last().say(session::inspected{});
  CAF_CHECK_EQUAL(woken, 1);
  auto first = line.next();
  CAF_REQUIRE(first);
  CAF_CHECK(
      std::holds_alternative<session::hello>(std::get<session::event>(*first)));
  CAF_CHECK(line.next());
  CAF_CHECK(!line.next());
  sessions.last().say(session::libraries{});
  CAF_CHECK_EQUAL(woken, 2);
}

CAF_TEST(progress that nobody read gives way to newer progress) {
  auto line = open();
  for (uint64_t i = 1; i <= 1000; ++i)
    progress(i);
  progress(2000, true);
  progress(2001, true);
  CAF_CHECK_EQUAL(packets(line.next()), 1000u);
  CAF_CHECK_EQUAL(packets(line.next()), 2001u);
  CAF_CHECK(!line.next());
  CAF_CHECK(!line.babbling());
}

CAF_TEST(a session that talks too much is found out and its end still heard) {
  auto line = open();
  for (int i = 0; i < 1000; ++i)
    sessions.last().say(session::inspected{});
  CAF_CHECK(line.babbling());
  sessions.last().die({0, SIGSEGV, ""});
  std::optional<session::notice> last;
  auto count = 0;
  while (auto x = line.next()) {
    last = std::move(x);
    ++count;
  }
  CAF_CHECK(count < 20);
  CAF_REQUIRE(last);
  CAF_CHECK(std::holds_alternative<session::exited>(*last));
}

CAF_TEST(letting go of the line kills the session) {
  std::optional<session_line> line{open()};
  CAF_CHECK_EQUAL(sessions.alive(), 1u);
  line.reset();
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
}

CAF_TEST(a session that cannot start is no line) {
  sessions.refusal = failure{ec::session_unavailable, "x", "y", ""};
  auto result = session_line::open(sessions.starter(), {}, [] {});
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::session_unavailable);
}

CAF_TEST_FIXTURE_SCOPE_END()
