#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include <caf/actor_proxy.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/proxy_registry.hpp>

#include "tests/simulation/packet.hpp"
#include "tests/simulation/random.hpp"

namespace troupe::simulation {

/// How a process reaches the others: the part of CAF's io module that actors
/// notice. A handle of another process becomes a proxy; what is sent to it is
/// serialised and travels over the link that there is with its process, if
/// any; the end of the actor, or of the link, is the end of the proxy.
class transport : public caf::proxy_registry::backend {
public:
  /// Where packets go, and whom defects of a message are told.
  struct wiring {
    /// Over the link with that process. @returns false when there is none
    std::function<bool(const caf::node_id&, packet)> send;
    /// Something that must not happen did, in words.
    std::function<void(std::string)> complain;
  };

  transport(caf::actor_system& system, wiring how, random_source random);
  ~transport() override;

  /// A packet arrived over the link with that process.
  void receive(const caf::node_id& from, packet what);

  /// The link with that process is gone: so is every handle of it.
  void lost(const caf::node_id& peer);

  /// The actor of a process that a link leads to.
  caf::strong_actor_ptr proxy(const caf::node_id& node, uint64_t actor);

  /// Nothing comes or goes from now on: the process is about to end.
  void close() { *open_ = false; }

  // -- caf::proxy_registry::backend -------------------------------------------

  caf::strong_actor_ptr make_proxy(caf::node_id node,
                                   caf::actor_id actor) override;
  void set_last_hop(caf::node_id*) override {}

private:
  friend class remote_proxy;

  /// What was sent to a proxy.
  void forward(const caf::node_id& node, uint64_t actor,
               caf::mailbox_element& what);
  void deliver(packet& what);
  void watch(const caf::node_id& from, uint64_t actor);

  caf::actor_system& system_;
  wiring wiring_;
  random_source random_;
  caf::proxy_registry proxies_;
  /// Shared with what is attached to actors, which may outlive the transport.
  std::shared_ptr<bool> open_ = std::make_shared<bool>(true);
  /// Which process wants to know the end of which actor of ours.
  std::set<std::pair<caf::node_id, uint64_t>> watched_;
};

} // namespace troupe::simulation
