#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/network.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/timeline.hpp"

namespace troupe::simulation {

/// Processes, the network between them and one time for all, out of one seed.
class world {
public:
  explicit world(uint64_t seed)
      : random_(seed), wires_(time_, random_.split()) {}

  timeline& time() { return time_; }
  network& wires() { return wires_; }
  random_source& random() { return random_; }

  /// Starts a process. It lives until `end` or the world does.
  process& start(const std::string& host, const std::string& address);

  /// kill -9.
  void end(process& which);

  /// What is to be done once the process has handled so many more messages,
  /// whenever that is: a fault in the midst of something.
  void after_steps(const process& which, uint64_t steps,
                   std::function<void()> what);

  /// Lets time go by. @returns false when something has gone round in circles
  bool run_for(duration time);

  /// Called after every message that was handled, and after everything that a
  /// model did.
  std::function<void()> watch = [] {};

  /// What must never happen and did.
  std::vector<std::string> complaints;

private:
  bool settle();
  process* next_to_run();
  void fire_steps();

  struct countdown {
    process* who = nullptr;
    uint64_t at = 0; ///< its count of steps
    std::function<void()> what;
  };

  timeline time_;
  random_source random_;
  network wires_;
  uint32_t last_number_ = 0;
  std::vector<countdown> countdowns_;
  std::map<uint32_t, std::unique_ptr<process>> processes_; // goes first
};

} // namespace troupe::simulation
