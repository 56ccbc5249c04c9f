#pragma once

#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "config/node_settings.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// The options about how this process runs its sessions, as they were typed.
struct node_options {
  std::optional<std::string> memory;
  std::optional<std::string> max_file_size;
  std::optional<std::string> nice;
};

/// Makes the options known to a verb. `to` must live as long as `verb`.
void add_node_options(CLI::App& verb, node_options& to);

/// The settings of a node that one person at a shell waits for: the defaults,
/// but not nice unless told so. Refusals have code usage.
outcome<node_settings> read_node_settings(const node_options& typed);

} // namespace troupe
