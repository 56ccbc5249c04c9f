#include "nodes/dialer.hpp"

#include <algorithm>

#include <caf/result.hpp>
#include <caf/sec.hpp>

#include "messages/types.hpp"
#include "nodes/call.hpp"

namespace troupe {

namespace {

using dialer_pointer = dialer_actor::stateful_pointer<dialer_state>;
using dial_key = std::pair<std::string, uint16_t>;
using std::chrono::milliseconds;

/// A host that neither answers nor refuses.
std::string silence(milliseconds patience) {
  return "no answer within " + std::to_string(patience.count()) + " ms";
}

/// CAF's codes in words that help; what connecting said stays as it is.
failure reason_of(const caf::error& error, const dial_key& key,
                  milliseconds patience) {
  failure result{ec::no_cluster, key.first + ':' + std::to_string(key.second),
                 "", ""};
  if (error == caf::sec::request_timeout) {
    result.cause = silence(patience);
  } else if (error == caf::sec::connection_timeout) {
    result.cause = "it accepts the connection and says nothing";
  } else if (error == caf::sec::disconnect_during_handshake) {
    result.cause = "it hung up during the handshake";
    result.advice = "see that a node of troupe listens there, and that both "
                    "have [tls] with certificates of the same CA, or neither";
  } else {
    auto why = from_caf(error);
    result.cause = why.cause;
    if (why.code == ec::internal)
      result.advice = "see that a node of troupe listens there";
  }
  return result;
}

std::vector<caf::typed_response_promise<caf::strong_actor_ptr>>
end_dial(dialer_state& state, const dial_key& key) {
  auto found = state.dials.find(key);
  if (found == state.dials.end())
    return {};
  auto askers = std::move(found->second.askers);
  state.dials.erase(found);
  return askers;
}

void reached(dialer_state& state, const dial_key& key,
             const caf::strong_actor_ptr& published) {
  for (auto& asker : end_dial(state, key))
    asker.deliver(published);
}

void start_call(dialer_pointer self, const dial_key& key);

void not_reached(dialer_pointer self, const dial_key& key,
                 const caf::error& error) {
  auto& state = self->state;
  auto found = state.dials.find(key);
  if (found == state.dials.end())
    return;
  // CAF cuts a handshake that is under way when its heartbeat ticks.
  if (error == caf::sec::connection_timeout && !found->second.retried
      && self->clock().now() < found->second.deadline) {
    found->second.retried = true;
    return start_call(self, key);
  }
  auto why = to_caf(reason_of(error, key, state.config.patience));
  for (auto& asker : end_dial(state, key))
    asker.deliver(why);
}

void start_call(dialer_pointer self, const dial_key& key) {
  auto& state = self->state;
  auto& dial = state.dials[key];
  dial.call = state.config.spawn_call();
  self->monitor(dial.call);
  ++state.calls;
  auto left =
      std::chrono::ceil<milliseconds>(dial.deadline - self->clock().now());
  self->request(dial.call, std::max(left, milliseconds{1}), atom::dial_v,
                key.first, key.second)
      .then(
          [=](const caf::strong_actor_ptr& published) {
            reached(self->state, key, published);
          },
          [=](const caf::error& error) { not_reached(self, key, error); });
}

caf::result<caf::strong_actor_ptr>
dial(dialer_pointer self, const std::string& host, uint16_t port) {
  auto& state = self->state;
  dial_key key{host, port};
  auto running = state.dials.find(key);
  if (running == state.dials.end() && state.calls >= state.config.max_calls)
    return to_caf({ec::no_cluster, host + ':' + std::to_string(port),
                   "too many other hosts are being called and don't answer",
                   "remove seeds that are gone"});
  auto promise = self->make_response_promise<caf::strong_actor_ptr>();
  if (running != state.dials.end()) {
    running->second.askers.push_back(promise);
    return promise;
  }
  auto& dial = state.dials[key];
  dial.deadline = self->clock().now() + state.config.patience;
  dial.askers.push_back(promise);
  start_call(self, key);
  return promise;
}

/// A call ended; when that was before its answer, it never comes.
void ended(dialer_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  --state.calls;
  auto found =
      std::find_if(state.dials.begin(), state.dials.end(),
                   [&](const auto& x) { return x.second.call == down.source; });
  // Without a reason it ended of its own accord, and its answer is under way.
  if (found != state.dials.end() && down.reason)
    not_reached(self, dial_key{found->first}, down.reason);
}

} // namespace

dialer_actor::behavior_type dialer(dialer_pointer self, dialer_config config) {
  self->state.config = std::move(config);
  self->set_down_handler([=](const caf::down_msg& down) { ended(self, down); });
  return {
      [=](atom::dial, const std::string& host, uint16_t port) {
        return dial(self, host, port);
      },
  };
}

dialer_actor spawn_dialer(caf::actor_system& system, bool tls) {
  dialer_config config;
  call_config calling;
  calling.basp = basp_broker_of(system);
  calling.tls = tls;
  config.spawn_call = [&system, calling] {
    return system.spawn<caf::detached>(call, calling);
  };
  return system.spawn(dialer, std::move(config));
}

} // namespace troupe
