#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "messages/ids.hpp"
#include "messages/member.hpp"
#include "messages/outcome.hpp"
#include "messages/profile.hpp"

namespace troupe {

/// When nodes are given up or kept from work. Times are Unix milliseconds.
struct node_rules {
  uint64_t down_after_ms = 60'000; ///< of being unreachable
  uint32_t failures_in_a_row = 3;  ///< that bring a node into quarantine
  uint64_t quarantine_ms = 60'000; ///< the first; each next is twice as long
  uint64_t longest_quarantine_ms = 3'600'000;
  /// Rows of the table; a new node takes that of one that is gone longest.
  size_t max_nodes = 10'000;
};

/// A node as the coordinator knows it.
struct node_entry {
  member row;
  /// What it can encode, by encoder; nothing while that isn't known.
  std::optional<profile> abilities;
  /// Jobs that hold a slot of it.
  std::set<job_id> holders;
  /// Jobs that have something there, be it a slot or a result that they didn't
  /// take yet, or had it since the node came: those that must hear when it
  /// goes. A job that gave its slot back may have got another one already.
  std::set<job_id> guests;
  bool drained = false;  ///< by an admin; stays with the name
  uint32_t failures = 0; ///< in a row
  uint64_t quarantine_ends_ms = 0;
  uint64_t quarantine_ms = 0;    ///< the length of the last
  std::string quarantine_reason; ///< of the last, for people
};

/// The members of the cluster: who is there, who may get work and what holds
/// its slots. No actor, no clock. An index stays its node's while that is here.
class node_table {
public:
  explicit node_table(node_rules rules) : rules_(rules) {}

  /// Lets a node in, or in again. Codes: name_taken while another incarnation
  /// has the name and is reachable; conflict for a second coordinator;
  /// overloaded; usage for a card that cannot be.
  /// @returns its index
  outcome<size_t> join(const node_card& card, uint64_t now_ms);

  /// The link to this incarnation broke. Its slots are nobody's any more.
  /// False when it isn't the one that is here, or was lost before.
  bool lost(const node_key& node, uint64_t now_ms);

  /// It leaves by itself.
  void left(const node_key& node, uint64_t now_ms);

  /// Takes the load of a member; of others it isn't heard. What changes where
  /// tasks fit raises `generation`.
  void status(const node_key& node, const node_load& load);

  void describe(const node_key& node, const profile& abilities);

  /// An admin's wish, kept for nodes that aren't here too.
  void drain(const std::string& name, bool drained, uint64_t now_ms);

  /// It is about to leave: drained, but for this incarnation only.
  void leaving(const node_key& node, uint64_t now_ms);

  /// An attempt on it ended: in quarantine goes who fails again and again.
  /// @returns true when it went there by this
  bool attempt_ended(const node_key& node, const failure& error,
                     uint64_t now_ms);

  /// What time brings: unreachable becomes down, quarantine ends.
  /// @returns true when something changed
  bool pass_time(uint64_t now_ms);

  /// A job holds a slot there from now on; any more than once is once.
  void hold(size_t index, const job_id& job);
  /// A job has something there that needs no slot.
  void visit(size_t index, const job_id& job);
  void vacate(const node_key& node, const job_id& job);
  /// The job holds no slot anywhere.
  void vacate(const job_id& job);

  /// Indices of the nodes where the job holds a slot.
  std::vector<size_t> held_by(const job_id& job) const;

  /// Index of the node with this name, if it is known.
  std::optional<size_t> find(const std::string& name) const;

  const std::vector<node_entry>& entries() const { return entries_; }

  /// Changes with everything that decides which nodes fit a task, but not with
  /// free slots.
  uint64_t generation() const { return generation_; }

  /// Indices of the nodes that raised the generation since it was `then`;
  /// nothing when that is too long ago to know.
  std::optional<std::set<uint32_t>> changed_since(uint64_t then) const;

  /// Names of nodes whose rows changed since the last call; loads and slots in
  /// use don't count.
  std::set<std::string> take_changes();

private:
  node_entry* current(const node_key& node);
  /// The index for a name; nothing when the table is full.
  std::optional<size_t> index_for(const std::string& name);
  void enter(node_entry& entry, member_state state, uint64_t now_ms);
  void changed(const node_entry& entry);
  void fits_anew(const node_entry& entry);
  /// Nobody holds anything there any more.
  void empty(node_entry& entry);

  node_rules rules_;
  std::vector<node_entry> entries_;
  std::map<std::string, size_t> by_name_;
  /// Where each job is a guest; few.
  std::map<job_id, std::vector<size_t>> visits_;
  std::set<std::string> drained_names_;
  uint64_t generation_ = 1;
  std::deque<uint32_t> recent_; ///< who raised it last, in order
  std::set<std::string> changes_;
};

/// True when new tasks may go there.
bool takes_tasks(const node_entry& node);

uint32_t free_slots(const node_entry& node);

} // namespace troupe
