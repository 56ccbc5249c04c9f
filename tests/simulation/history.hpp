#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/timeline.hpp"

namespace troupe::simulation {

/// What happened, for whoever looks into a seed that failed; and what must not
/// happen and did.
class history {
public:
  /// @param prints every line at once, on standard error
  history(const timeline& time, bool prints) : time_(time), prints_(prints) {}

  /// This part of a path is different each time: it isn't written down.
  void leave_out(std::string path) { left_out_ = std::move(path); }

  /// Something happened to a process, a job, a file.
  void note(const std::string& whom, const std::string& what);

  /// A promise was broken.
  void violation(const std::string& what);

  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<std::string>& violations() const { return violations_; }

  /// A number that two runs share only when they did the same.
  uint64_t digest() const { return digest_; }

private:
  const timeline& time_;
  bool prints_;
  std::string left_out_;
  std::vector<std::string> lines_;
  std::vector<std::string> violations_;
  uint64_t digest_ = 0xcbf29ce484222325;
};

} // namespace troupe::simulation
