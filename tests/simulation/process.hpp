#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "tests/simulation/network.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/scheduler.hpp"
#include "tests/simulation/timeline.hpp"
#include "tests/simulation/transport.hpp"

namespace troupe::simulation {

/// What all processes of a world share.
struct surroundings {
  timeline& time;
  network& wires;
  random_source& random;
  std::function<void(std::string)> complain;
};

/// One process: an actor system of its own, a clock that stands still while it
/// is stopped, and a way to the others.
class process {
public:
  /// @param number of this process in its world, from 1; what CAF tells
  ///        processes apart by
  /// @param address HOST:PORT
  process(surroundings around, uint32_t number, std::string host,
          std::string address);
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// kill -9, unless it is dead already.
  ~process();

  caf::actor_system& system() { return *system_; }
  simulated_scheduler& scheduler() { return *scheduler_; }
  const caf::node_id& id() const { return system_->node(); }
  const std::string& host() const { return host_; }
  bool paused() const { return paused_; }

  /// Messages handled so far.
  uint64_t steps() const { return steps_; }

  /// Who dials the process gets this actor.
  void publish(const caf::strong_actor_ptr& what);

  void pause();
  void thaw();

  /// From within one of its own handlers: nothing leaves it any more, as if it
  /// had been killed right here. `world::end` is to follow.
  void doom();

  bool can_run() const { return !paused_ && scheduler_->has_job(); }
  void run_one();

  /// When its clock wants to be looked at next; never while it is stopped.
  std::optional<instant> next_timeout() const;

  /// The world's time went on.
  void catch_up();

private:
  surroundings around_;
  std::string host_;
  random_source random_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  simulated_scheduler* scheduler_ = nullptr;
  std::unique_ptr<transport> wire_;
  bool paused_ = false;
  instant paused_at_;
  uint64_t steps_ = 0;
};

} // namespace troupe::simulation
