#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <caf/actor_clock.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "messages/interfaces.hpp"
#include "nodes/client_desk.hpp"

namespace troupe {

/// What happened to a client's link.
struct link_news {
  enum class kind : uint8_t {
    found = 1,    ///< a coordinator, for the first time
    gone = 2,     ///< it went; it is being looked for
    returned = 3, ///< it is back, or another one is there
  };

  kind what = kind::found;
  std::string address; ///< HOST:PORT of the coordinator

  friend bool operator==(const link_news&, const link_news&) = default;
};

/// "coordinator 127.0.0.1:7400 is gone; looking for it", ...
std::string to_string(const link_news& news);

/// Called on an actor's thread; must not block.
using link_listener = std::function<void(const link_news&)>;

struct client_link_state {
  static inline const char* name = "client_link";

  client_link_state() = default;

  /// Before the next search; doubles up to `longest_search_pause`.
  std::chrono::milliseconds pause{0};
  /// When the coordinator was found. One that goes at once has not ended the
  /// need for a pause.
  caf::actor_clock::time_point met;
  /// HOST:PORT of the last coordinator; "" before the first.
  std::string address;
};

/// A search that found nobody is repeated after at most so long.
inline constexpr std::chrono::milliseconds longest_search_pause{1000};

/// The CLIENT_LINK: keeps a client's desk informed about who leads the cluster.
/// Finds the coordinator, monitors it, and looks for it again when it goes, for
/// ever.
/// @param listener may be empty
caf::behavior client_link(caf::stateful_actor<client_link_state>* self,
                          const finder_actor& finder,
                          const std::shared_ptr<client_desk>& desk,
                          const link_listener& listener);

} // namespace troupe
