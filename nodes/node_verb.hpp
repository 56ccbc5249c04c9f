#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "nodes/verb_context.hpp"

namespace troupe {

/// `troupe node`: runs a node until it is told to end.
struct node_verb {
  std::string config;
  std::vector<std::string> overrides;

  CLI::App& add_to(CLI::App& app);
  int run(const verb_context& context) const;
};

} // namespace troupe
