#pragma once

#include <CLI/App.hpp>

#include "nodes/client_connection.hpp"
#include "nodes/verb_context.hpp"

namespace troupe {

/// `troupe shell`: the verbs of clients typed at a prompt, or, where standard
/// input is no terminal, as a script.
class shell_verb {
public:
  /// Makes the verb known; the options are parsed into this object.
  CLI::App& add_to(CLI::App& app);

  /// Runs the verb. @returns the exit status: of the last line that failed in
  /// a script, 0 at a prompt
  int run(const verb_context& context) const;

private:
  connection_options connection_;
};

} // namespace troupe
