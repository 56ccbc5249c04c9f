#pragma once

#include <csignal>
#include <functional>
#include <thread>

namespace troupe {

/// SIGINT, SIGTERM and SIGHUP, kept back from interrupting anybody. Made before
/// any other thread, so that all threads inherit the blocked signals. A signal
/// that was ignored when the process started (nohup, background jobs of
/// scripts) stays ignored.
class interrupts {
public:
  /// Blocks the signals, for the rest of the process, and ignores SIGPIPE.
  /// They wait for a listener.
  interrupts();

  interrupts(const interrupts&) = delete;
  interrupts& operator=(const interrupts&) = delete;

  const sigset_t& signals() const { return signals_; }

private:
  sigset_t signals_;
};

/// Calls somebody for every interrupt, as long as it lives.
class interrupt_listener {
public:
  /// Called with the signal, on the listener's own thread.
  using handler = std::function<void(int signal)>;

  interrupt_listener(const interrupts& source, handler on_signal);

  /// Stops listening; no call is running any more.
  ~interrupt_listener();

  interrupt_listener(const interrupt_listener&) = delete;
  interrupt_listener& operator=(const interrupt_listener&) = delete;

private:
  void watch() const;

  handler on_signal_;
  int signal_descriptor_ = -1;
  int stop_descriptor_ = -1; ///< readable when the thread is to end
  std::thread thread_;
};

} // namespace troupe
