#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/detail/test_actor_clock.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "tests/simulation/random.hpp"
#include "tests/simulation/timeline.hpp"

namespace troupe::simulation {

/// A virtual clock that says when it wants to be looked at.
class process_clock : public caf::detail::test_actor_clock {
public:
  /// When the next timeout is due.
  std::optional<instant> next() const;

  /// Sets the time and delivers what became due.
  void advance_to(instant when);
};

/// The scheduler of one simulated process: one message at a time, in an order
/// that a seed decides, as the threads of a real one might.
class simulated_scheduler : public caf::scheduler::test_coordinator {
public:
  using caf::scheduler::test_coordinator::test_coordinator;

  /// Lets an actor with something to do handle one message. Who has waited
  /// longest is often first, but not always.
  void run_one(random_source& random);

  /// Kills every actor that ever ran, as the end of the process would: no
  /// handler runs any more.
  void kill_all();

  process_clock& clock() noexcept override { return clock_; }

protected:
  /// What CAF itself has spawned ends here.
  void stop() override { kill_all(); }

private:
  void resume(caf::resumable* job);

  /// Remembers an actor, for its end.
  void meet(caf::resumable* job);

  process_clock clock_;

  /// Those that live, and some that don't any more.
  std::vector<caf::weak_actor_ptr> known_;
  size_t tidy_at_ = 256;
};

} // namespace troupe::simulation
