#include "actors/node_table.hpp"

#include <algorithm>

namespace troupe {

namespace {

bool is_here(member_state state) {
  return state == member_state::joining || state == member_state::up
         || state == member_state::draining;
}

bool same_roots(const node_load& a, const node_load& b) {
  return std::equal(a.roots.begin(), a.roots.end(), b.roots.begin(),
                    b.roots.end(), [](const auto& x, const auto& y) {
                      return x.name == y.name && x.writable == y.writable;
                    });
}

failure taken(const node_entry& by) {
  return {ec::name_taken, by.row.card.key.name,
          "a node of this name is a member already, at " + by.row.card.address,
          "stop it, or give this node another name"};
}

failure second_coordinator(const std::string& name, const node_entry& first) {
  return {ec::conflict, name,
          "the cluster has a coordinator already: " + first.row.card.key.name
              + " at " + first.row.card.address,
          "take the role coordinator out of this node's file"};
}

} // namespace

bool takes_tasks(const node_entry& node) {
  return node.row.state == member_state::up && !node.row.quarantined;
}

uint32_t free_slots(const node_entry& node) {
  auto used = static_cast<uint32_t>(node.holders.size());
  auto slots = node.row.card.slots;
  return used < slots ? slots - used : 0;
}

outcome<size_t> node_table::join(const node_card& card, uint64_t now_ms) {
  constexpr size_t max_name = 64;
  constexpr uint32_t max_slots = 256;
  const auto& name = card.key.name;
  if (name.empty() || name.size() > max_name || card.slots > max_slots)
    return failure{ec::usage, name.substr(0, max_name),
                   "is no node that can be", "check its name and slots"};
  auto known = by_name_.find(name);
  if (known != by_name_.end()) {
    const auto& entry = entries_[known->second];
    if (is_here(entry.row.state) && entry.row.card.key != card.key)
      return taken(entry);
  }
  if (card.roles.coordinator)
    for (const auto& x : entries_)
      if (x.row.card.roles.coordinator && is_here(x.row.state)
          && x.row.card.key.name != name)
        return second_coordinator(name, x);
  auto index = index_for(name);
  if (!index)
    return failure{ec::overloaded, name, "the cluster has too many nodes", ""};
  auto& entry = entries_[*index];
  if (entry.row.card.key != card.key) {
    entry.abilities.reset();
    entry.row.quarantined = false;
    entry.failures = 0;
  }
  entry.row.card = card;
  entry.row.reason = entry.row.quarantined ? entry.quarantine_reason : "";
  enter(entry, entry.drained ? member_state::draining : member_state::up,
        now_ms);
  return *index;
}

std::optional<size_t> node_table::index_for(const std::string& name) {
  if (auto known = find(name))
    return known;
  auto index = entries_.size();
  if (index < rules_.max_nodes) {
    entries_.emplace_back();
  } else {
    auto oldest = std::min_element(
        entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
          return std::pair{is_here(a.row.state), a.row.since_ms}
                 < std::pair{is_here(b.row.state), b.row.since_ms};
        });
    if (is_here(oldest->row.state))
      return std::nullopt;
    const auto& forgotten = oldest->row.card.key.name;
    if (oldest->drained)
      drained_names_.insert(forgotten);
    by_name_.erase(forgotten);
    *oldest = {};
    index = static_cast<size_t>(oldest - entries_.begin());
  }
  by_name_.emplace(name, index);
  entries_[index].drained = drained_names_.contains(name);
  return index;
}

node_entry* node_table::current(const node_key& node) {
  auto found = by_name_.find(node.name);
  if (found == by_name_.end())
    return nullptr;
  auto& entry = entries_[found->second];
  return entry.row.card.key == node ? &entry : nullptr;
}

void node_table::fits_anew(const node_entry& entry) {
  constexpr size_t most_remembered = 64;
  ++generation_;
  recent_.push_back(static_cast<uint32_t>(&entry - entries_.data()));
  if (recent_.size() > most_remembered)
    recent_.pop_front();
}

std::optional<std::set<uint32_t>>
node_table::changed_since(uint64_t then) const {
  auto changes = generation_ - then;
  if (changes > recent_.size())
    return std::nullopt;
  auto first = recent_.end() - static_cast<std::ptrdiff_t>(changes);
  return std::set<uint32_t>{first, recent_.end()};
}

void node_table::changed(const node_entry& entry) {
  fits_anew(entry);
  changes_.insert(entry.row.card.key.name);
}

void node_table::enter(node_entry& entry, member_state state, uint64_t now_ms) {
  entry.row.state = state;
  entry.row.since_ms = now_ms;
  changed(entry);
}

bool node_table::lost(const node_key& node, uint64_t now_ms) {
  auto* entry = current(node);
  if (entry == nullptr || !is_here(entry->row.state))
    return false;
  empty(*entry);
  entry->row.reason = "its link broke";
  enter(*entry, member_state::unreachable, now_ms);
  return true;
}

void node_table::left(const node_key& node, uint64_t now_ms) {
  auto* entry = current(node);
  if (entry == nullptr)
    return;
  empty(*entry);
  entry->row.reason.clear();
  enter(*entry, member_state::left, now_ms);
}

void node_table::status(const node_key& node, const node_load& load) {
  auto* entry = current(node);
  if (entry == nullptr)
    return;
  if (!same_roots(entry->row.card.load, load))
    changed(*entry);
  entry->row.card.load = load;
}

void node_table::describe(const node_key& node, const profile& abilities) {
  if (auto* entry = current(node)) {
    entry->abilities = abilities;
    fits_anew(*entry);
  }
}

void node_table::drain(const std::string& name, bool drained, uint64_t now_ms) {
  if (drained)
    drained_names_.insert(name);
  else
    drained_names_.erase(name);
  auto found = by_name_.find(name);
  if (found == by_name_.end())
    return;
  auto& entry = entries_[found->second];
  entry.drained = drained;
  if (!drained) {
    entry.failures = 0;
    entry.row.quarantined = false;
    entry.quarantine_ms = 0;
    entry.row.reason.clear();
    changed(entry);
  }
  if (is_here(entry.row.state))
    enter(entry, drained ? member_state::draining : member_state::up, now_ms);
}

void node_table::leaving(const node_key& node, uint64_t now_ms) {
  auto* entry = current(node);
  if (entry == nullptr || !is_here(entry->row.state))
    return;
  entry->row.reason = "it is about to leave";
  enter(*entry, member_state::draining, now_ms);
}

bool node_table::attempt_ended(const node_key& node, const failure& error,
                               uint64_t now_ms) {
  auto* entry = current(node);
  if (entry == nullptr)
    return false;
  if (error.code == ec::none) {
    entry->failures = 0;
    entry->quarantine_ms = 0;
    return false;
  }
  if (++entry->failures < rules_.failures_in_a_row || entry->row.quarantined)
    return false;
  // Out of quarantine, the next failure leads back.
  entry->failures = rules_.failures_in_a_row - 1;
  entry->quarantine_ms =
      entry->quarantine_ms == 0
          ? rules_.quarantine_ms
          : std::min(entry->quarantine_ms * 2, rules_.longest_quarantine_ms);
  entry->quarantine_ends_ms = now_ms + entry->quarantine_ms;
  entry->row.quarantined = true;
  entry->quarantine_reason =
      "its tasks failed in a row, last: " + to_string(error);
  entry->row.reason = entry->quarantine_reason;
  changed(*entry);
  return true;
}

bool node_table::pass_time(uint64_t now_ms) {
  auto before = generation_;
  for (auto& x : entries_) {
    if (x.row.state == member_state::unreachable
        && now_ms >= x.row.since_ms + rules_.down_after_ms)
      enter(x, member_state::down, now_ms);
    if (x.row.quarantined && now_ms >= x.quarantine_ends_ms) {
      x.row.quarantined = false;
      x.row.reason.clear();
      changed(x);
    }
  }
  return generation_ != before;
}

void node_table::hold(size_t index, const job_id& job) {
  auto& entry = entries_.at(index);
  entry.holders.insert(job);
  entry.row.running = static_cast<uint32_t>(entry.holders.size());
  visit(index, job);
}

void node_table::visit(size_t index, const job_id& job) {
  if (entries_.at(index).guests.insert(job).second)
    visits_[job].push_back(index);
}

void node_table::vacate(const node_key& node, const job_id& job) {
  auto* entry = current(node);
  if (entry == nullptr)
    return;
  entry->holders.erase(job);
  entry->row.running = static_cast<uint32_t>(entry->holders.size());
}

void node_table::vacate(const job_id& job) {
  auto found = visits_.find(job);
  if (found == visits_.end())
    return;
  for (auto index : found->second) {
    auto& entry = entries_[index];
    entry.guests.erase(job);
    entry.holders.erase(job);
    entry.row.running = static_cast<uint32_t>(entry.holders.size());
  }
  visits_.erase(found);
}

void node_table::empty(node_entry& entry) {
  auto index = static_cast<size_t>(&entry - entries_.data());
  for (const auto& job : entry.guests) {
    auto found = visits_.find(job);
    std::erase(found->second, index);
    if (found->second.empty())
      visits_.erase(found);
  }
  entry.guests.clear();
  entry.holders.clear();
  entry.row.running = 0;
}

std::vector<size_t> node_table::held_by(const job_id& job) const {
  std::vector<size_t> result;
  if (auto found = visits_.find(job); found != visits_.end())
    for (auto index : found->second)
      if (entries_[index].holders.contains(job))
        result.push_back(index);
  return result;
}

std::optional<size_t> node_table::find(const std::string& name) const {
  auto found = by_name_.find(name);
  if (found == by_name_.end())
    return std::nullopt;
  return found->second;
}

std::set<std::string> node_table::take_changes() {
  return std::exchange(changes_, {});
}

} // namespace troupe
