#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "messages/cluster.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/ledger.hpp"

namespace troupe::simulation {

struct client_state {
  static inline const char* name = "client";
  client_state() = default;

  coordinator_actor coordinator; ///< none while it is looked for
  std::set<uint32_t> wanted;     ///< inputs whose job isn't acknowledged
  std::set<uint32_t> watched;    ///< inputs whose job is followed
};

/// A user. It looks for the coordinator for ever, repeats a submit until it is
/// acknowledged, and writes into the ledger what it was told. Takes
/// `submit NUMBER`, which may come again later; `run WISH NUMBER TEXT`;
/// `drain/undrain NODE`; and `list`, to ask how every job stands.
/// @param book outlives it, as does the history
caf::behavior client(caf::stateful_actor<client_state>* self,
                     finder_actor finder, std::string name, ledger* book,
                     history* told);

} // namespace troupe::simulation

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::simulation::wish)
