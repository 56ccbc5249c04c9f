#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "config/node_settings.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

/// A whole cluster in one process, without a network and without a disk for its
/// journal: the same actors that a cluster has.
class local_node {
public:
  /// Starts the actors. Signals must be blocked before (nodes/interrupts.hpp).
  /// @param settings that `check` took
  explicit local_node(const node_settings& settings);

  /// Ends the actors, kills what sessions still run, and waits for all of them.
  ~local_node();

  local_node(const local_node&) = delete;
  local_node& operator=(const local_node&) = delete;

  caf::actor_system& system() { return system_; }
  const coordinator_actor& coordinator() const { return coordinator_; }
  const capability_probe_actor& probe() const { return probe_; }

private:
  struct config : caf::actor_system_config {
    explicit config(const node_settings& settings);
  };

  config config_;
  caf::actor_system system_;
  capability_probe_actor probe_;
  worker_actor worker_;
  journal_actor journal_;
  coordinator_actor coordinator_;
  finder_actor finder_;
  membership_actor membership_;
};

} // namespace troupe
