#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/file_space.hpp"
#include "actors/journal_steps.hpp"
#include "actors/journal_store.hpp"
#include "actors/leftovers.hpp"
#include "actors/membership.hpp"
#include "actors/output_partial.hpp"
#include "config/node_settings.hpp"
#include "encode/session_process.hpp"
#include "messages/interfaces.hpp"

/// The actors of a node, each with the part of the settings that it needs, and
/// with a thread of its own where it blocks.
namespace troupe {

/// Starts sessions as the settings say.
session::starter session_starter(const node_settings& settings);

/// @param starts what the node's sessions are started by
capability_probe_actor spawn_capability_probe(caf::actor_system& system,
                                              const node_settings& settings,
                                              const session::starter& starts);

/// @param files where tasks may read and write
/// @param noted where partial files are noted; may be none
/// @param publishing called before each operation on the disk when an attempt
///        is published
worker_actor spawn_worker(
    caf::actor_system& system, const node_settings& settings,
    const session::starter& starts, const file_space& files,
    std::shared_ptr<leftovers> noted, output_partial::step publishing = [] {});

journal_actor spawn_journal(caf::actor_system& system, journal_opener open,
                            const journal_settings& keeps, journal_hook step);

/// @param alone the process is the whole cluster and has one job: its paths are
///        plain ones, and nothing is tried twice
coordinator_actor spawn_coordinator(caf::actor_system& system,
                                    const node_settings& settings,
                                    const journal_actor& journal, bool alone);

/// The worker as others know it.
placed_worker place_of(const node_key& node, const node_settings& settings,
                       const worker_actor& worker,
                       const capability_probe_actor& probe);

/// What the node says of itself.
node_card card_of(const node_settings& settings, const std::string& version,
                  std::vector<library_version> libraries);

/// Processors that this process may run on, by its affinity mask; at least 1.
uint32_t usable_processors();

} // namespace troupe
