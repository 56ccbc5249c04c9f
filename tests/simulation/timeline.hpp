#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include <caf/actor_clock.hpp>

namespace troupe::simulation {

using instant = caf::actor_clock::time_point;
using duration = caf::actor_clock::duration_type;

/// Names something that is to happen, so that it can be called off.
struct appointment {
  instant when;
  uint64_t number = 0; ///< 0: none

  friend auto operator<=>(const appointment&, const appointment&) = default;
};

/// The virtual time, and what the models have planned. What is planned for one
/// moment happens in the order of its planning.
class timeline {
public:
  instant now() const { return now_; }

  /// Milliseconds since the beginning, for people.
  double elapsed_ms() const;

  /// Plans. Nothing happens in the past: an earlier moment means now.
  appointment at(instant when, std::function<void()> what);
  appointment after(duration time, std::function<void()> what);

  /// Calls it off; one that is over or none is fine.
  void cancel(const appointment& x);

  /// The next moment at which something is planned.
  std::optional<instant> next() const;

  /// Turns the clock. Nothing happens by that.
  void set_now(instant when) { now_ = when; }

  /// Does the first thing that is due. @returns false when nothing is
  bool fire_one();

private:
  // CAF's clocks give the very beginning a meaning of its own.
  instant now_ = instant{duration{1'000'000'000}};
  uint64_t last_number_ = 0;
  std::map<appointment, std::function<void()>> planned_;
};

} // namespace troupe::simulation
