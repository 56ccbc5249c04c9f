#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// Names that come from the cluster, asked for only when they are needed.
struct completion_sources {
  std::function<std::vector<std::string>()> nodes;
  std::function<std::vector<std::string>()> jobs; ///< whole ids
};

/// What can stand where the cursor is.
struct completions {
  std::string word;                    ///< what was typed of it, without quotes
  std::vector<std::string> candidates; ///< sorted; each begins with `word`
  bool file = false; ///< the candidates are files or folders ("a/")
};

/// What the shell offers for a line up to its cursor: verbs, then their
/// options, and what those and their operands take.
/// @param builtins verbs that are no commands: "help"
completions complete(std::string_view line,
                     const std::vector<std::string>& builtins,
                     const completion_sources& sources);

/// The longest text that all begin with; whole characters of UTF-8 only.
std::string common_beginning(const std::vector<std::string>& words);

} // namespace troupe
