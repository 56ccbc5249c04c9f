#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "config/endpoint.hpp"
#include "config/tls_settings.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// CAF as nodes and clients need it: our types, the network module with its
/// heartbeats on, and TLS where there is a certificate.
class network_config : public caf::actor_system_config {
public:
  /// @param tls certificate files that were checked (config/certificates.hpp);
  ///        CAF aborts or hangs on bad ones. None: plain TCP.
  /// @param threads of the scheduler, at least 1
  network_config(const std::optional<tls_settings>& tls, uint32_t threads);

  /// Puts settings of CAF over our own. Refuses with bad_config what CAF
  /// doesn't know or what has the wrong type.
  outcome<void>
  apply(const std::vector<std::pair<std::string, std::string>>& caf);
};

/// Lets others dial the actor.
/// @returns the port, which the system chooses when `at.port` is 0; bad_config
///          when it can't be bound
outcome<uint16_t> publish(caf::actor_system& system,
                          const caf::strong_actor_ptr& what,
                          const endpoint& at);

/// The opposite; nothing happens when it isn't published.
void unpublish(caf::actor_system& system, const caf::strong_actor_ptr& what,
               uint16_t port);

} // namespace troupe
