#include "nodes/interrupts.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace troupe {

namespace {

bool is_ignored(int signal) {
  struct sigaction now {};
  return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

} // namespace

interrupts::interrupts() {
  std::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&signals_);
  for (int signal : {SIGINT, SIGTERM, SIGHUP})
    if (!is_ignored(signal)) // a blocked one would reach us all the same
      sigaddset(&signals_, signal);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

interrupt_listener::interrupt_listener(const interrupts& source,
                                       handler on_signal)
    : on_signal_(std::move(on_signal)),
      signal_descriptor_(
          signalfd(-1, &source.signals(), SFD_CLOEXEC | SFD_NONBLOCK)),
      stop_descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (signal_descriptor_ == -1 || stop_descriptor_ == -1)
    // Out of descriptors: then let signals do what they do by themselves.
    pthread_sigmask(SIG_UNBLOCK, &source.signals(), nullptr);
  else
    thread_ = std::thread{[this] { watch(); }};
}

interrupt_listener::~interrupt_listener() {
  if (thread_.joinable()) {
    uint64_t one = 1;
    // Can't fail: the counter is far from full.
    [[maybe_unused]] auto written = write(stop_descriptor_, &one, sizeof(one));
    thread_.join();
  }
  for (int descriptor : {signal_descriptor_, stop_descriptor_})
    if (descriptor != -1)
      close(descriptor);
}

void interrupt_listener::watch() const {
  std::array<pollfd, 2> watched{pollfd{signal_descriptor_, POLLIN, 0},
                                pollfd{stop_descriptor_, POLLIN, 0}};
  for (;;) {
    if (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR)
        continue;
      return;
    }
    if (watched[1].revents != 0)
      return;
    signalfd_siginfo info{};
    if (read(signal_descriptor_, &info, sizeof(info))
        == static_cast<ssize_t>(sizeof(info)))
      on_signal_(static_cast<int>(info.ssi_signo));
  }
}

} // namespace troupe
