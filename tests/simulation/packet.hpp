#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <caf/error.hpp>
#include <caf/node_id.hpp>

namespace troupe::simulation {

/// What travels between two processes.
struct packet {
  enum class kind : uint8_t {
    message, ///< for an actor
    watch,   ///< somebody has a handle of this actor and wants to know its end
    down,    ///< the actor that was watched ended
    eof,     ///< nothing follows: the other side has closed the link
  };

  kind what = kind::message;
  uint64_t actor = 0;       ///< the receiver; the one that is watched, or ended
  uint64_t sender = 0;      ///< 0: nobody
  caf::node_id sender_node; ///< whose actor the sender is
  uint64_t id = 0;          ///< of the message: request, response or neither
  std::vector<char> bytes;  ///< stages and content
  size_t elements = 0;      ///< of the content; not on CAF's wire
  caf::error reason;        ///< of the end
};

} // namespace troupe::simulation
