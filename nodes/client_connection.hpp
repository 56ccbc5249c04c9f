#pragma once

#include <caf/actor_system.hpp>

#include <CLI/App.hpp>

#include "config/client_settings.hpp"
#include "nodes/cluster_client.hpp"
#include "nodes/cluster_finder.hpp"
#include "nodes/command_output.hpp"
#include "nodes/network.hpp"

namespace troupe {

/// The options of every client about where the cluster is.
struct connection_options {
  client_options told;
  std::string deadline; ///< --deadline; "" when not said
};

/// Makes the options known to a verb. `to` must live as long as `verb`.
void add_connection_options(CLI::App& verb, connection_options& to);

/// What a client needs to know to begin.
struct connection_settings {
  client_settings where;
  client_patience patience;
};

/// Reads the options and what they lead to, and tells people of warnings.
/// Codes: usage, bad_config, bad_certificate; with several mistakes, people
/// hear of all and the first is returned.
outcome<connection_settings>
read_connection_settings(const connection_options& typed, command_output& out);

/// This process's link to a cluster: CAF's network and a client on it.
class client_connection {
public:
  /// Starts looking for the coordinator. Signals must be blocked before
  /// (nodes/interrupts.hpp).
  client_connection(const connection_settings& settings,
                    link_listener listener);

  cluster_client& client() { return client_; }

private:
  network_config config_;
  caf::actor_system system_;
  cluster_finder finder_;
  cluster_client client_;
};

} // namespace troupe
