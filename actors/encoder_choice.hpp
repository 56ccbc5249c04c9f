#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "messages/outcome.hpp"
#include "messages/profile.hpp"

namespace troupe {

/// Which encoder a job uses: the first of its candidates that works on the
/// worker's machine.
class encoder_choice {
public:
  encoder_choice() = default;

  /// @param candidates libav's names, best first; empty when the job encodes no
  ///        picture
  explicit encoder_choice(std::vector<std::string> candidates)
      : candidates_(std::move(candidates)) {}

  /// The candidate that must be tried next; null when nothing is left to learn.
  const std::string* next() const;

  /// Takes what a candidate proved to do, unless it isn't the next one (any
  /// more).
  void heard(const std::string& candidate, const encoder_capability& proved);

  /// Takes note that nobody could try the candidate, unless it isn't the next
  /// one (any more).
  void gave_up(const std::string& candidate, failure why);

  bool settled() const { return next() == nullptr; }

  /// The encoder, without a name when none is needed; or why there is none:
  /// encoder_unavailable with every candidate's reason. Only when settled.
  outcome<encoder_capability> result() const;

private:
  bool is_next(const std::string& candidate) const;

  std::vector<std::string> candidates_;
  size_t tried_ = 0;
  std::string reasons_; ///< of those that don't work
  encoder_capability chosen_;
  failure gave_up_;
};

} // namespace troupe
