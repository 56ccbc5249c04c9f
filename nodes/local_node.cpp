#include "nodes/local_node.hpp"

#include <memory>

#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "actors/finder.hpp"
#include "actors/membership.hpp"
#include "actors/memory_store.hpp"
#include "messages/types.hpp"
#include "nodes/node_actors.hpp"

namespace troupe {

namespace {

outcome<std::unique_ptr<journal_store>> open_in_memory() {
  return std::unique_ptr<journal_store>{std::make_unique<memory_store>()};
}

/// The node's membership of its own cluster, in which it is alone.
membership_config member_alone(const node_settings& settings,
                               const finder_actor& finder) {
  membership_config result;
  result.card = card_of(settings, "", {});
  result.card.roles = {.coordinator = true, .worker = true, .gateway = false};
  result.finder = finder;
  result.sample = [] { return node_load{}; };
  result.joined = [](const std::string&) {};
  result.gave_up = [](const failure&) {};
  return result;
}

} // namespace

local_node::config::config(const node_settings& settings) {
  register_types(*this);
  // Work stealing polls even when there is nothing to steal.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{settings.scheduler_threads});
}

local_node::local_node(const node_settings& settings)
    : config_(settings), system_(config_) {
  auto starts = session_starter(settings);
  probe_ = spawn_capability_probe(system_, settings, starts);
  worker_ = spawn_worker(system_, settings, starts, file_space{}, nullptr);
  journal_ =
      spawn_journal(system_, open_in_memory, settings.journal, [](auto) {});
  constexpr auto alone = true;
  coordinator_ = spawn_coordinator(system_, settings, journal_, alone);
  finder_ = system_.spawn(finder, finder_config{}); // without seeds
  auto joining = member_alone(settings, finder_);
  auto place = place_of(joining.card.key, settings, worker_, probe_);
  membership_ = system_.spawn(membership, std::move(joining));
  caf::anon_send(membership_, atom::lead_v, coordinator_);
  caf::anon_send(membership_, atom::enlist_v, std::move(place));
}

local_node::~local_node() {
  // No new jobs, then no new tasks, then nobody to ask. The rest ends with
  // them, and the actor system's destructor waits for all.
  auto end = [](const auto& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  };
  end(membership_);
  end(finder_);
  end(coordinator_);
  end(worker_);
  end(probe_);
  end(journal_);
}

} // namespace troupe
