#include "actors/finder.hpp"

#include <algorithm>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/result.hpp>

#include "messages/types.hpp"

namespace troupe {

namespace {

using finder_pointer = finder_actor::stateful_pointer<finder_state>;
using std::chrono::milliseconds;

/// What is left of the search's time; never 0, which CAF takes for no limit.
milliseconds time_left(finder_pointer self) {
  auto left = self->state.deadline - self->clock().now();
  return std::max(std::chrono::duration_cast<milliseconds>(left),
                  milliseconds{1});
}

std::vector<caf::typed_response_promise<found_coordinator>>
end_search(finder_state& state) {
  ++state.round;
  return std::exchange(state.askers, {});
}

void fail(finder_pointer self, uint64_t round, const seed& at,
          const failure& why) {
  auto& state = self->state;
  if (round != state.round)
    return;
  state.search.failed(at, why);
  if (!state.search.exhausted())
    return;
  auto verdict = state.search.verdict();
  for (auto& asker : end_search(state))
    asker.deliver(to_caf(verdict));
}

/// The failure of a request to a node, in the words of someone who waits.
failure silence(const caf::error& error, std::string_view what) {
  auto why = from_caf(error);
  if (why.code == ec::worker_lost)
    return {ec::no_cluster, "", "no answer to " + std::string{what}, ""};
  return why;
}

void visit(finder_pointer self, const seed& at);

void found(finder_pointer self, uint64_t round, const seed& at,
           const coordinator_actor& coordinator) {
  if (round != self->state.round)
    return;
  found_coordinator result{coordinator, at.host, at.port};
  for (auto& asker : end_search(self->state))
    asker.deliver(result);
}

void ask_for_lead(finder_pointer self, uint64_t round, const seed& at,
                  const membership_actor& peer) {
  self->request(peer, time_left(self), atom::lead_v)
      .then(
          [=](const coordinator_actor& coordinator) {
            found(self, round, at, coordinator);
          },
          [=](const caf::error& error) {
            fail(self, round, at, silence(error, "the question who leads"));
          });
}

/// What a node answered to our greeting.
struct greeting {
  bool suits = false;
  std::string reason;
  seed coordinator; ///< host "" when it is on that very node
};

void greeted(finder_pointer self, uint64_t round, const seed& at,
             const membership_actor& peer, const greeting& heard) {
  if (round != self->state.round)
    return;
  if (!heard.suits)
    return fail(self, round, at,
                {ec::protocol_mismatch, "", heard.reason,
                 "install the same version everywhere"});
  if (heard.coordinator.host.empty())
    return ask_for_lead(self, round, at, peer);
  if (self->state.search.led_to(at, heard.coordinator))
    return visit(self, heard.coordinator);
  if (self->state.search.exhausted()) {
    auto verdict = self->state.search.verdict();
    for (auto& asker : end_search(self->state))
      asker.deliver(to_caf(verdict));
  }
}

void greet(finder_pointer self, uint64_t round, const seed& at,
           const caf::strong_actor_ptr& published) {
  auto& state = self->state;
  if (round != state.round)
    return;
  if (!published)
    return fail(
        self, round, at,
        {ec::no_cluster, "", "what answers there is no node of troupe", ""});
  auto peer = caf::actor_cast<membership_actor>(published);
  self->request(peer, time_left(self), atom::hello_v, protocol_version,
                state.config.version, state.config.name)
      .then(
          [=](bool suits, const std::string& reason, const std::string& host,
              uint16_t port) {
            greeted(self, round, at, peer, {suits, reason, {host, port}});
          },
          [=](const caf::error& error) {
            fail(self, round, at, silence(error, "our greeting"));
          });
}

void visit(finder_pointer self, const seed& at) {
  auto& state = self->state;
  auto round = state.round;
  self->request(state.config.dialer, time_left(self), atom::dial_v, at.host,
                at.port)
      .then(
          [=](const caf::strong_actor_ptr& published) {
            greet(self, round, at, published);
          },
          [=](const caf::error& error) {
            fail(self, round, at, silence(error, "our call"));
          });
}

caf::result<found_coordinator> find(finder_pointer self) {
  auto& state = self->state;
  auto promise = self->make_response_promise<found_coordinator>();
  state.askers.push_back(promise);
  if (state.askers.size() > 1)
    return promise;
  state.search = seed_search{state.config.seeds};
  state.deadline = self->clock().now() + state.config.patience;
  if (state.search.exhausted()) {
    end_search(state);
    promise.deliver(to_caf(state.search.verdict()));
    return promise;
  }
  for (const auto& at : state.search.first())
    visit(self, at);
  return promise;
}

} // namespace

finder_actor::behavior_type finder(finder_pointer self, finder_config config) {
  self->state.config = std::move(config);
  return {
      [=](atom::find) { return find(self); },
  };
}

} // namespace troupe
