#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/interfaces.hpp"
#include "messages/member.hpp"

/// How nodes come together. Needs the interfaces, as handles travel in these.
namespace troupe {

/// A node that asks to be let in, or that comes back.
struct join_request {
  uint32_t protocol = protocol_version;
  node_card card;
  membership_actor membership; ///< told of changes of the table
  /// Its worker; none, and the slots of the card 0, when it isn't one.
  std::vector<placed_worker> place;
  /// Attempts that its worker holds, from whatever reign.
  std::vector<held_attempt> held;
};

/// The answer to one that is let in.
struct welcome {
  uint64_t epoch = 0; ///< of the coordinator's reign
  std::vector<member> table;
};

/// The coordinator as a FINDER found it.
struct found_coordinator {
  coordinator_actor coordinator;
  std::string host; ///< by which it was reached
  uint16_t port = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, join_request& x) {
  return f(x.protocol, x.card, x.membership, x.place, x.held);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, welcome& x) {
  return f(x.epoch, x.table);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, found_coordinator& x) {
  return f(x.coordinator, x.host, x.port);
}

} // namespace troupe
