#pragma once

#include <string>

#include <CLI/App.hpp>

#include "nodes/verb_context.hpp"

namespace troupe {

/// `troupe inspect FILE`: what a media file is.
struct inspect_verb {
  std::string file;
  bool json = false;

  /// Makes the verb known; the options are parsed into this object.
  CLI::App& add_to(CLI::App& app);

  /// Runs the verb. @returns the exit status
  int run(const verb_context& context) const;
};

} // namespace troupe
