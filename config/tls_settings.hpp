#pragma once

#include <string>

namespace troupe {

/// The files by which a node or client shows who it is, and knows others. All
/// are in PEM format, all three are needed.
struct tls_settings {
  std::string certificate; ///< its own certificate
  std::string key;         ///< the private key of that certificate
  std::string ca;          ///< certificate of the cluster's CA

  friend bool operator==(const tls_settings&, const tls_settings&) = default;
};

} // namespace troupe
