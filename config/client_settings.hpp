#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/endpoint.hpp"
#include "config/node_settings.hpp"
#include "config/tls_settings.hpp"
#include "messages/failure.hpp"

namespace troupe {

/// How a client was told where the cluster is; empty means not said.
struct client_options {
  std::string seed;                ///< --seed HOST:PORT
  std::string seed_of_environment; ///< TROUPE_SEED, which --seed outdoes
  std::string config;              ///< --config, a node's file
  std::string certificate; ///< --certificate; these three outdo the file's
  std::string key;         ///< --key
  std::string ca;          ///< --ca
};

/// Where a client finds the cluster, and who it is there.
struct client_settings {
  /// Tried in this order, never empty; 127.0.0.1:7400 when nothing was said.
  std::vector<endpoint> seeds;
  /// None: plain TCP, and all seeds are on loopback.
  std::optional<tls_settings> tls;
  /// Of the node's file, directories by name: local paths below them can be
  /// said as `NAME:/path`.
  std::map<std::string, std::string> roots;

  friend bool operator==(const client_settings&,
                         const client_settings&) = default;
};

/// What came of reading a client's settings.
struct client_reading {
  client_settings settings;      ///< only to be used when there are no mistakes
  std::vector<failure> mistakes; ///< code usage, bad_config or bad_certificate
  std::vector<std::string> warnings; ///< for people
};

/// Finds out where the cluster is. Reads the node's file without looking at
/// the node's folders; checks the certificates that the client will use.
client_reading read_client_settings(const client_options& told);

} // namespace troupe
