#pragma once

#include "nodes/cluster_client.hpp"

namespace troupe {

/// Another patience of a client for as long as it lives.
class patience_scope {
public:
  patience_scope(cluster_client& client, const client_patience& patience)
      : client_(client), before_(client.patience()) {
    client.set_patience(patience);
  }

  ~patience_scope() { client_.set_patience(before_); }

  patience_scope(const patience_scope&) = delete;
  patience_scope& operator=(const patience_scope&) = delete;

private:
  cluster_client& client_;
  client_patience before_;
};

} // namespace troupe
