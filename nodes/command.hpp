#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "nodes/cluster_client.hpp"
#include "nodes/cluster_path.hpp"
#include "nodes/command_output.hpp"

namespace troupe {

/// What a command works with.
struct command_context {
  cluster_client& client;
  command_output& out;
  /// Of the node's file that --config names: local paths are translated by it.
  const local_roots& roots;
};

/// Something that a person can ask of a cluster: a verb of the command line and
/// of the shell alike. CLI11 fills it, once.
class command {
public:
  virtual ~command() = default;

  /// Makes its arguments and options known; they are parsed into this object.
  virtual void add_to(CLI::App& verb) = 0;

  /// Does it. Ends soon after `client.interrupt()`.
  /// @returns the exit status
  virtual int run(const command_context& context) const = 0;
};

/// What can be completed in the shell.
enum class completion : uint8_t { nothing, file, job, node, job_state };

/// An option whose value can be.
struct option_completion {
  std::string option; ///< "--to"
  completion value = completion::nothing;
};

/// A command as the command line and the shell know it.
struct command_entry {
  std::string name;
  std::string summary;
  completion operands = completion::nothing;
  std::vector<option_completion> options;
  std::function<std::unique_ptr<command>()> make;
};

/// Every command, in the order of the help.
const std::vector<command_entry>& commands();

/// The command with this name; null when there is none.
const command_entry* find_command(std::string_view name);

/// Runs a command's words, as the shell does: parses them, complains about
/// what can't be parsed, prints its help if that is asked for.
/// @param words those behind the command's name
/// @returns the exit status
int run_command(const command_entry& entry, std::vector<std::string> words,
                const command_context& context);

} // namespace troupe
