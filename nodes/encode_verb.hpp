#pragma once

#include <string>

#include <CLI/App.hpp>

#include "nodes/job_options.hpp"
#include "nodes/node_options.hpp"
#include "nodes/verb_context.hpp"

namespace troupe {

/// `troupe encode INPUT -o OUTPUT`: one job on a cluster of one process.
struct encode_verb {
  std::string input;
  job_options job;
  node_options node;
  bool list_presets = false;
  bool json = false;

  /// Makes the verb known; the options are parsed into this object.
  CLI::App& add_to(CLI::App& app);

  /// Runs the verb. @returns the exit status
  int run(const verb_context& context) const;
};

} // namespace troupe
