#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/roots.hpp"
#include "config/node_settings.hpp"
#include "messages/interfaces.hpp"
#include "messages/outcome.hpp"
#include "nodes/cluster_finder.hpp"
#include "nodes/data_dir.hpp"
#include "nodes/load_watch.hpp"
#include "nodes/network.hpp"
#include "nodes/node_company.hpp"

namespace troupe {

/// What a node tells whoever runs it.
struct node_event {
  enum class kind : uint8_t {
    joined,  ///< its cluster, or joined it again
    left,    ///< after `leave`
    gave_up, ///< its cluster does not want it: it must end
    failed,  ///< an actor failed again and again: it must end
  };

  kind what = kind::joined;
  std::string cluster; ///< of joined: name of the coordinator's node
  failure why;         ///< of gave_up and failed
};

/// A node of a cluster: its actors, their supervisor, and its place in the
/// network.
class cluster_node {
public:
  /// Called on threads of the node; must not block.
  using listener = std::function<void(const node_event&)>;

  /// Takes the data-dir, binds the port and starts the actors. Signals must be
  /// blocked before (nodes/interrupts.hpp).
  /// @param settings without mistakes
  /// @param version of troupe
  static outcome<std::unique_ptr<cluster_node>>
  start(const node_settings& settings, const std::string& version,
        listener tell);

  /// Ends the actors, one after the other, kills what sessions still run, and
  /// waits for all of them.
  ~cluster_node();

  cluster_node(const cluster_node&) = delete;
  cluster_node& operator=(const cluster_node&) = delete;

  /// Takes no new tasks, waits for those that run, hands back what still runs
  /// after the limit, and tells the cluster; `left` follows.
  void leave(std::chrono::milliseconds limit);

  /// Where it listens.
  const endpoint& address() const { return address_; }

private:
  cluster_node() = default;

  /// Each makes a part; in this order.
  outcome<void> take_data_dir(const node_settings& settings);
  outcome<void> open_roots(const node_settings& settings);
  outcome<void> start_system(const node_settings& settings);
  outcome<company_parts> gather_parts(const node_settings& settings,
                                      const std::string& version);
  outcome<void> open_door(const node_settings& settings);
  void supervise(company_parts parts);

  listener tell_;
  endpoint address_;
  std::optional<data_dir> data_;
  std::shared_ptr<const root_table> roots_;
  std::unique_ptr<network_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<load_watch> load_;
  std::unique_ptr<cluster_finder> finder_;
  caf::actor door_;
  supervisor_actor supervisor_;
  caf::actor watchman_; ///< who tells of the supervisor's end
};

} // namespace troupe
