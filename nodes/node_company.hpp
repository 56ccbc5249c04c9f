#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "actors/file_space.hpp"
#include "actors/leftovers.hpp"
#include "actors/membership.hpp"
#include "actors/supervisor.hpp"
#include "config/node_settings.hpp"
#include "encode/session_process.hpp"
#include "messages/interfaces.hpp"
#include "nodes/debug_hooks.hpp"

namespace troupe {

/// What the actors of a node are made of.
struct company_parts {
  node_settings settings;
  session::starter starts;
  file_space files;                 ///< where tasks may read and write
  std::shared_ptr<leftovers> noted; ///< may be none
  membership_config joining;
  caf::actor door;
  std::string journal_file; ///< "" when the node is no coordinator
  std::string profile_file; ///< "" keeps nothing
  std::string profile_key;  ///< what a kept profile must match
  debug_hooks hooks = {};
};

/// The actors of a node that restart: brings each up, and makes it known to the
/// others. Used by one SUPERVISOR, on its thread.
class node_company : public std::enable_shared_from_this<node_company> {
public:
  /// @param system must outlive it
  node_company(caf::actor_system& system, company_parts parts);

  /// In the order of their start. They keep the company alive.
  std::vector<child_spec> children();

private:
  using started = outcome<std::vector<caf::actor>>;

  started start_probe();
  started start_worker();
  started start_coordinator();
  started start_membership();

  /// Each tells the membership, once there is one.
  void tell_place();
  void tell_lead();
  void tell_abilities();

  /// Lets the probe find out what the machine can encode.
  void find_out_abilities();

  /// Takes what was found out; on the thread of whoever did.
  void learn(const profile& abilities);

  caf::actor_system& system_;
  company_parts parts_;
  capability_probe_actor probe_;
  worker_actor worker_;
  coordinator_actor coordinator_;

  /// Guards what `learn` uses.
  std::mutex mutex_;
  membership_actor membership_;
  std::optional<profile> abilities_;
};

} // namespace troupe
