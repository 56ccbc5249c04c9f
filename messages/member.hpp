#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "messages/profile.hpp"

namespace troupe {

/// Number of the protocol between nodes and clients. Structs travel without
/// field names, so every change to one that does is another number.
inline constexpr uint32_t protocol_version = 2;

/// One run of one node.
struct node_key {
  std::string name;         ///< as configured, unique in the cluster
  uint64_t incarnation = 0; ///< random, per start

  friend auto operator<=>(const node_key&, const node_key&) = default;
};

/// What a node does in the cluster.
struct node_roles {
  bool coordinator = false;
  bool worker = true;
  bool gateway = false;

  friend bool operator==(const node_roles&, const node_roles&) = default;
};

/// "coordinator", "worker", "gateway": those that are set.
std::vector<std::string> names_of(const node_roles& roles);

enum class member_state : uint8_t {
  /// Was let in; its attempts are being looked through.
  joining = 1,
  up = 2,
  /// Up, but takes no new tasks.
  draining = 3,
  /// Its link broke: its tasks run elsewhere. It may come back.
  unreachable = 4,
  /// Was unreachable for long.
  down = 5,
  /// Went of its own accord.
  left = 6,
};

/// "joining", "up", ...
std::string_view to_string(member_state state);

/// A root that a node has, as it is now.
struct root_status {
  std::string name;
  bool writable = false;
  uint64_t free_bytes = 0;
};

/// The changing part of what a node can do; sent every second.
struct node_load {
  double cpu = 0; ///< share of the processors in use, 0 to 1
  uint64_t memory_free_bytes = 0;
  std::vector<root_status> roots;
};

/// What a node says of itself when it joins.
struct node_card {
  node_key key;
  node_roles roles;
  std::string address; ///< HOST:PORT where it listens
  std::string version; ///< of troupe
  std::vector<library_version> libraries;
  uint32_t slots = 0;
  node_load load;
};

/// A row of the member table.
struct member {
  node_card card;
  member_state state = member_state::joining;
  uint32_t running = 0; ///< slots in use
  bool quarantined = false;
  std::string reason;    ///< of quarantine or state, for people; may be ""
  uint64_t since_ms = 0; ///< Unix; when it came into this state
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_key& x) {
  return f(x.name, x.incarnation);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_roles& x) {
  return f(x.coordinator, x.worker, x.gateway);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, root_status& x) {
  return f(x.name, x.writable, x.free_bytes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_load& x) {
  return f(x.cpu, x.memory_free_bytes, x.roots);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_card& x) {
  return f(x.key, x.roles, x.address, x.version, x.libraries, x.slots, x.load);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, member& x) {
  return f(x.card, x.state, x.running, x.quarantined, x.reason, x.since_ms);
}

} // namespace troupe
