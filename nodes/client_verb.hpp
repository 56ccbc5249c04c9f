#pragma once

#include <memory>

#include <CLI/App.hpp>

#include "nodes/client_connection.hpp"
#include "nodes/command.hpp"
#include "nodes/verb_context.hpp"

namespace troupe {

/// A client's command as a verb of the command line: connects to the cluster,
/// does it once, and leaves.
class client_verb {
public:
  /// @param entry must outlive the verb
  explicit client_verb(const command_entry& entry);

  /// Makes the verb known; the options are parsed into this object.
  CLI::App& add_to(CLI::App& app);

  /// Runs the verb. @returns the exit status
  int run(const verb_context& context) const;

private:
  const command_entry& entry_;
  std::unique_ptr<command> command_;
  connection_options connection_;
  const CLI::App* app_ = nullptr;
};

} // namespace troupe
