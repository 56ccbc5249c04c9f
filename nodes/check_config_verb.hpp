#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "nodes/verb_context.hpp"

namespace troupe {

/// `troupe check-config FILE`: whether a node would start with this file, and
/// every reason why not.
struct check_config_verb {
  std::string file;
  std::vector<std::string> overrides;
  bool json = false;

  /// Makes the verb known; the options are parsed into this object.
  CLI::App& add_to(CLI::App& app);

  /// Runs the verb. @returns the exit status: 0, or 78 for mistakes
  int run(const verb_context& context) const;
};

} // namespace troupe
