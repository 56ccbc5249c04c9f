#include "nodes/call.hpp"

#include <set>
#include <string>
#include <utility>

#include <caf/atom.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/scribe.hpp>
#include <caf/node_id.hpp>
#include <caf/result.hpp>

#include "messages/types.hpp"
#include "nodes/connect_socket.hpp"
#include "nodes/tls_scribe.hpp"

namespace troupe {

namespace {

using call_pointer = dialer_actor::stateful_pointer<call_state>;

caf::io::scribe_ptr make_scribe(caf::actor_system& system, unique_fd socket,
                                bool tls) {
  if (tls)
    return make_tls_scribe(system, std::move(socket));
  auto& multiplexer = static_cast<caf::io::network::default_multiplexer&>(
      system.middleman().backend());
  return multiplexer.new_scribe(socket.release());
}

caf::result<caf::strong_actor_ptr>
dial(call_pointer self, const std::string& host, uint16_t port) {
  auto& state = self->state;
  auto socket = connect_socket(
      host, port, std::chrono::steady_clock::now() + state.config.patience);
  if (!socket) {
    self->quit();
    return to_caf(socket.error());
  }
  auto scribe =
      make_scribe(self->system(), std::move(*socket), state.config.tls);
  if (!scribe) {
    self->quit();
    return caf::error{caf::sec::disconnect_during_handshake};
  }
  state.promise = self->make_response_promise<caf::strong_actor_ptr>();
  self->request(state.config.basp, state.config.patience,
                caf::connect_atom::value, std::move(scribe), port)
      .then(
          [=](const caf::node_id&, caf::strong_actor_ptr& published,
              const std::set<std::string>&) {
            self->state.promise.deliver(std::move(published));
            self->quit();
          },
          [=](caf::error& error) {
            self->state.promise.deliver(std::move(error));
            self->quit();
          });
  return state.promise;
}

} // namespace

dialer_actor::behavior_type call(call_pointer self, call_config config) {
  self->state.config = std::move(config);
  return {
      [=](atom::dial, const std::string& host, uint16_t port) {
        return dial(self, host, port);
      },
  };
}

caf::actor basp_broker_of(caf::actor_system& system) {
  return system.middleman().named_broker<caf::io::basp_broker>(
      caf::atom("BASP"));
}

} // namespace troupe
