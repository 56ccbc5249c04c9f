#include "tests/simulation/dialer.hpp"

#include <map>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include "messages/types.hpp"

namespace troupe::simulation {

namespace {

struct dialer_state {
  static inline const char* name = "dialer";
  dialer_state() = default;

  uint64_t last_call = 0;
  /// Who waits for which call.
  std::map<uint64_t, caf::typed_response_promise<caf::strong_actor_ptr>> calls;
  /// What came of it; the network speaks outside of any actor.
  std::map<uint64_t, outcome<caf::strong_actor_ptr>> answers;
};

using dialer_pointer = caf::stateful_actor<dialer_state>*;

caf::result<caf::strong_actor_ptr> dial(dialer_pointer self, network& wires,
                                        const caf::node_id& from,
                                        const std::string& host,
                                        uint16_t port) {
  auto call = ++self->state.last_call;
  auto promise = self->make_response_promise<caf::strong_actor_ptr>();
  self->state.calls.emplace(call, promise);
  auto me = caf::actor_cast<caf::actor_addr>(self);
  wires.dial(from, host + ':' + std::to_string(port),
             [=](outcome<caf::strong_actor_ptr> answer) {
               auto strong = caf::actor_cast<caf::actor>(me);
               if (!strong)
                 return;
               auto state = static_cast<dialer_pointer>(
                   caf::actor_cast<caf::abstract_actor*>(strong));
               if (state->getf(caf::abstract_actor::is_terminated_flag))
                 return;
               state->state.answers.emplace(call, std::move(answer));
               caf::anon_send(strong, call);
             });
  return promise;
}

void answer(dialer_pointer self, uint64_t call) {
  auto& state = self->state;
  auto heard = state.answers.find(call);
  auto promise = state.calls.find(call);
  if (heard == state.answers.end() || promise == state.calls.end())
    return;
  if (heard->second)
    promise->second.deliver(*heard->second);
  else
    promise->second.deliver(to_caf(heard->second.error()));
  state.answers.erase(heard);
  state.calls.erase(promise);
}

} // namespace

dialer_actor spawn_dialer(process& where, network& wires) {
  auto made = where.system().spawn(
      [&wires, from = where.id()](dialer_pointer self) -> caf::behavior {
        return {
            [=, &wires](atom::dial, const std::string& host, uint16_t port) {
              return dial(self, wires, from, host, port);
            },
            [=](uint64_t call) { answer(self, call); },
        };
      });
  return caf::actor_cast<dialer_actor>(made);
}

} // namespace troupe::simulation
