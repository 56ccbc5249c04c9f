#include "nodes/client_link.hpp"

#include <algorithm>

#include "config/endpoint.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

using self_pointer = caf::stateful_actor<client_link_state>*;

constexpr std::chrono::milliseconds shortest_pause{50};

/// The finder has deadlines of its own; this one is for a finder that hangs.
constexpr std::chrono::seconds search_deadline{30};

void tell(const link_listener& listener, const link_news& news) {
  if (listener)
    listener(news);
}

void met(self_pointer self, const found_coordinator& found,
         const std::shared_ptr<client_desk>& desk,
         const link_listener& listener) {
  auto& state = self->state;
  state.met = self->clock().now();
  auto first = state.address.empty();
  state.address = to_string(endpoint{found.host, found.port});
  self->monitor(found.coordinator);
  desk->change([&](client_desk::standing& now) {
    now.coordinator = found;
    ++now.meeting;
  });
  tell(listener, {first ? link_news::kind::found : link_news::kind::returned,
                  state.address});
}

void search_later(self_pointer self) {
  auto& pause = self->state.pause;
  pause = std::clamp(pause * 2, shortest_pause, longest_search_pause);
  self->delayed_send(self, pause, atom::tick_v);
}

} // namespace

std::string to_string(const link_news& news) {
  auto who = "coordinator " + news.address;
  switch (news.what) {
    case link_news::kind::gone:
      return who + " is gone; looking for it";
    case link_news::kind::returned:
      return who + " is back";
    default:
      return who + " is there";
  }
}

caf::behavior client_link(self_pointer self, const finder_actor& finder,
                          const std::shared_ptr<client_desk>& desk,
                          const link_listener& listener) {
  self->set_down_handler([=](const caf::down_msg&) {
    desk->change([](client_desk::standing& now) { now.coordinator.reset(); });
    tell(listener, {link_news::kind::gone, self->state.address});
    if (self->clock().now() - self->state.met < longest_search_pause)
      return search_later(self);
    self->state.pause = std::chrono::milliseconds{0};
    self->send(self, atom::tick_v);
  });
  self->send(self, atom::tick_v);
  return {
      [=](atom::tick) {
        self->request(finder, search_deadline, atom::find_v)
            .then(
                [=](const found_coordinator& found) {
                  met(self, found, desk, listener);
                },
                [=](const caf::error& error) {
                  desk->change([&](client_desk::standing& now) {
                    now.last_search = from_caf(error);
                  });
                  search_later(self);
                });
      },
  };
}

} // namespace troupe
