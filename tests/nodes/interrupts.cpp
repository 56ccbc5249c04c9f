#define CAF_SUITE interrupts

#include "nodes/interrupts.hpp"

#include <cerrno>
#include <csignal>
#include <functional>

#include <caf/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include "nodes/latest.hpp"

using namespace troupe;

namespace {

/// Runs the test in a process of its own: the runner has a thread that would
/// take our signals. @returns what `test` returned; -1 when it was killed
int in_child(const std::function<int()>& test) {
  auto child = fork();
  if (child == 0)
    _exit(test());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

CAF_TEST(a signal becomes a call) {
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    auto heard_signal = in_child([=] {
      interrupts signals;
      latest<int> heard;
      interrupt_listener listener{signals, [&](int x) { heard.put(x); }};
      kill(getpid(), signal);
      return heard.take();
    });
    CAF_CHECK_EQUAL(heard_signal, signal);
  }
}

CAF_TEST(a signal waits for its listener) {
  auto heard_signal = in_child([] {
    interrupts signals;
    kill(getpid(), SIGINT);
    latest<int> heard;
    interrupt_listener listener{signals, [&](int x) { heard.put(x); }};
    return heard.take();
  });
  CAF_CHECK_EQUAL(heard_signal, SIGINT);
}

CAF_TEST(a signal that was ignored stays ignored) {
  auto heard_signal = in_child([] {
    std::signal(SIGHUP, SIG_IGN);
    interrupts signals;
    latest<int> heard;
    interrupt_listener listener{signals, [&](int x) { heard.put(x); }};
    kill(getpid(), SIGHUP);
    kill(getpid(), SIGTERM);
    return heard.take();
  });
  CAF_CHECK_EQUAL(heard_signal, SIGTERM);
}

CAF_TEST(writing to a closed pipe is no signal) {
  auto status = in_child([] {
    interrupts signals;
    int ends[2];
    if (pipe(ends) != 0)
      return 1;
    close(ends[0]);
    return write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 1;
  });
  CAF_CHECK_EQUAL(status, 0);
}

CAF_TEST(a listener that hears nothing ends all the same) {
  auto status = in_child([] {
    interrupts signals;
    interrupt_listener listener{signals, [](int) {}};
    return 0;
  });
  CAF_CHECK_EQUAL(status, 0);
}
