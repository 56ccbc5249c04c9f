#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "config/endpoint.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

/// Who looks for the cluster.
struct cluster_seeker {
  std::string version;                      ///< of troupe
  std::string name;                         ///< of the node; "" for a client
  std::chrono::milliseconds patience{5000}; ///< of one search
};

/// A FINDER and its DIALER over the network of an actor system that was made
/// from a `network_config`; they end with it.
class cluster_finder {
public:
  /// @param system must outlive it
  cluster_finder(caf::actor_system& system, const std::vector<endpoint>& seeds,
                 const cluster_seeker& who);

  ~cluster_finder();

  cluster_finder(const cluster_finder&) = delete;
  cluster_finder& operator=(const cluster_finder&) = delete;

  const finder_actor& actor() const { return finder_; }

private:
  dialer_actor dialer_;
  finder_actor finder_;
};

} // namespace troupe
