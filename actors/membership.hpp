#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/departure.hpp"
#include "actors/join_machine.hpp"
#include "actors/member_view.hpp"
#include "actors/seed_search.hpp"
#include "messages/cluster.hpp"

namespace troupe {

struct membership_config {
  node_card card; ///< its load is sampled anew for each use
  finder_actor finder;
  /// What the machine is up to; must not block.
  std::function<node_load()> sample;
  /// Called whenever the node was let in, with the coordinator's name.
  std::function<void(const std::string&)> joined;
  /// Called once, when the cluster does not want the node: it must end.
  std::function<void(const failure&)> gave_up;
};

/// Where the node stands with its cluster.
enum class join_phase {
  waiting,   ///< for its next try, or for its worker or coordinator
  searching, ///< for the coordinator
  reporting, ///< its worker tells what it holds
  asking,    ///< to be let in
  member,
  gone, ///< it gave up, or left
};

/// A node on its way out.
struct leaving_node {
  departure plan;
  caf::typed_response_promise<bool> promise;
  bool looking = false; ///< the worker was asked what it holds
  std::chrono::steady_clock::time_point next_look; ///< not before
};

struct membership_state {
  static inline const char* name = "membership";

  membership_config config;
  join_machine machine{0};
  member_view view;
  join_phase phase = join_phase::waiting;

  /// Number of the try; answers that belong to earlier ones come too late.
  uint64_t round = 0;

  /// When the next `tick` has something to do besides watching a departure.
  std::chrono::steady_clock::time_point due;

  /// The coordinator that is asked to let us in; monitored until it answers.
  coordinator_actor asked;

  /// The coordinator that let us in, and where it is: host "" for here.
  coordinator_actor coordinator;
  seed coordinator_at;

  /// The one of this node, if any.
  coordinator_actor own;

  /// Looked for another one before the first join to our own.
  bool looked_around = false;

  /// This node's worker, if any.
  std::optional<placed_worker> place;

  /// What this node can encode, once known.
  std::optional<profile> abilities;

  std::optional<leaving_node> leaving;
};

/// Joins its node to the cluster, and again whenever the link is lost. Runs
/// nothing that blocks.
membership_actor::behavior_type
membership(membership_actor::stateful_pointer<membership_state> self,
           membership_config config);

} // namespace troupe
