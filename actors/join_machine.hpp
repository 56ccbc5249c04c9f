#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "actors/backoff.hpp"
#include "messages/failure.hpp"

namespace troupe {

/// What a node does when it was not let in, or found nobody to let it in.
struct join_verdict {
  bool give_up = false;               ///< the node must end
  std::chrono::milliseconds delay{0}; ///< before the next try
  bool worth_a_line = false;          ///< in the log
};

/// How a node goes on after every try to join: for ever, unless its cluster
/// does not want it. No actor, no clock.
class join_machine {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A name that is taken may be our own earlier self, whose link the
  /// coordinator hasn't given up yet.
  static constexpr std::chrono::seconds patience_for_name{10};

  /// The same reason stands in the log once in this time.
  static constexpr std::chrono::seconds line_interval{60};

  /// @param random what the waits differ by from those of other nodes
  explicit join_machine(uint64_t random)
      : random_(static_cast<std::minstd_rand::result_type>(random)) {}

  /// The node was let in.
  void joined();

  /// A try failed, for this reason.
  join_verdict refused(const failure& why, time_point now);

  /// It was let in at least once.
  bool was_member() const { return was_member_; }

private:
  bool unwelcome(const failure& why, time_point now);
  bool worth_a_line(const failure& why, time_point now);

  std::minstd_rand random_;
  backoff pace_{std::chrono::milliseconds{100}, std::chrono::seconds{1}};
  bool was_member_ = false;
  std::optional<time_point> name_taken_since_;
  std::string last_reason_;
  time_point last_line_;
};

} // namespace troupe
