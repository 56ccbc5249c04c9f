#pragma once

#include <CLI/App.hpp>

#include "nodes/verb_context.hpp"

namespace troupe {

/// `troupe probe`: what this machine can encode, found out by trying.
struct probe_verb {
  bool json = false;

  /// Makes the verb known; the options are parsed into this object.
  CLI::App& add_to(CLI::App& app);

  /// Runs the verb. @returns the exit status
  int run(const verb_context& context) const;
};

} // namespace troupe
