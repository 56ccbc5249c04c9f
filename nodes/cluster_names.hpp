#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "nodes/cluster_client.hpp"

namespace troupe {

/// Names of nodes and ids of jobs for the shell's completion. Asks the cluster
/// with a patience that doesn't disturb somebody who types, and at most every
/// two seconds; offers what it knew when there is no answer.
class cluster_names {
public:
  explicit cluster_names(cluster_client& client) : client_(client) {}

  const std::vector<std::string>& nodes();

  /// Ids of jobs that haven't ended, then of some that have.
  const std::vector<std::string>& jobs();

private:
  using clock = std::chrono::steady_clock;

  struct cache {
    std::vector<std::string> names;
    clock::time_point asked;
    bool filled = false;
  };

  static bool is_fresh(const cache& x);

  cluster_client& client_;
  cache nodes_;
  cache jobs_;
};

} // namespace troupe
