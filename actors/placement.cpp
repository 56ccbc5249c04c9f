#include "actors/placement.hpp"

#include <algorithm>
#include <queue>

namespace troupe {

namespace {

const root_status* find_root(const node_entry& node, const std::string& name) {
  for (const auto& root : node.row.card.load.roots)
    if (root.name == name)
      return &root;
  return nullptr;
}

const encoder_capability* find_encoder(const profile& abilities,
                                       const std::string& name) {
  for (const auto& x : abilities.encoders)
    if (x.name == name)
      return &x;
  return nullptr;
}

std::string encoder_misfit(const task_needs& needs, const node_entry& node) {
  if (needs.encoders.empty() || !node.abilities)
    return "";
  std::string names;
  for (const auto& name : needs.encoders) {
    const auto* encoder = find_encoder(*node.abilities, name);
    if (encoder != nullptr && encoder->works)
      return "";
    names += (names.empty() ? "" : ", ") + name;
  }
  return "none of its encoders works: " + names;
}

/// Frames per second at 1080p of the encoder that would be used; 0 when not
/// measured.
double speed_of(const task_needs& needs, const node_entry& node) {
  if (!node.abilities)
    return 0;
  for (const auto& name : needs.encoders) {
    const auto* encoder = find_encoder(*node.abilities, name);
    if (encoder != nullptr && encoder->works)
      return encoder->fps_1080p;
  }
  return 0;
}

/// What the machine's speed adds to its score: one twice as fast is worth as
/// much as one slot of four.
double speed_score(const task_needs& needs, const node_entry& node) {
  constexpr double speed_weight = 0.25;
  constexpr double fast_fps = 60;
  auto fps = speed_of(needs, node);
  return speed_weight * fps / (fps + fast_fps);
}

/// Share of its slots that is free, what the machine does besides, and how
/// fast it is: more is better. Slots count most, so that work spreads.
double score(const fitting_node& fit, const node_entry& node) {
  constexpr double load_weight = 0.2;
  auto free = static_cast<double>(free_slots(node)) / node.row.card.slots;
  return free - load_weight * node.row.card.load.cpu + fit.speed;
}

bool avoided(const task_needs& needs, const node_entry& node) {
  return std::find(needs.avoid.begin(), needs.avoid.end(),
                   node.row.card.key.name)
         != needs.avoid.end();
}

bool before(const fitting_node& a, uint32_t index) {
  return a.index < index;
}

/// How the node suits the task but for its slots; nothing when it doesn't.
std::optional<fitting_node> fit_of(const task_needs& needs, uint32_t index,
                                   const node_entry& node) {
  if (!takes_tasks(node) || !misfit(needs, node).empty())
    return std::nullopt;
  return fitting_node{index, speed_score(needs, node), avoided(needs, node)};
}

/// Looks which nodes fit; after few changes only at those that changed.
void refresh(ready_class& x, const node_table& nodes) {
  if (x.generation == nodes.generation())
    return;
  const auto& entries = nodes.entries();
  auto& fitting = x.fitting;
  if (auto changed = nodes.changed_since(x.generation)) {
    for (auto index : *changed) {
      auto at = std::lower_bound(fitting.begin(), fitting.end(), index, before);
      auto was = at != fitting.end() && at->index == index;
      auto fit = fit_of(x.needs, index, entries[index]);
      if (fit && was)
        *at = *fit;
      else if (fit)
        fitting.insert(at, *fit);
      else if (was)
        fitting.erase(at);
    }
  } else {
    fitting.clear();
    for (uint32_t i = 0; i < entries.size(); ++i)
      if (auto fit = fit_of(x.needs, i, entries[i]))
        fitting.push_back(*fit);
  }
  x.generation = nodes.generation();
  x.has_others = std::any_of(fitting.begin(), fitting.end(),
                             [](const auto& fit) { return !fit.avoided; });
}

using indices = std::vector<uint32_t>; ///< in ascending order

indices nodes_with_slots(const node_table& nodes) {
  indices result;
  const auto& entries = nodes.entries();
  for (size_t i = 0; i < entries.size(); ++i)
    if (takes_tasks(entries[i]) && free_slots(entries[i]) > 0)
      result.push_back(static_cast<uint32_t>(i));
  return result;
}

/// The best of those that fit and have a slot.
/// @param free nodes that had one when the round began
std::optional<size_t> best_node(ready_class& x, const node_table& nodes,
                                const indices& free) {
  refresh(x, nodes);
  std::optional<size_t> result;
  double best = 0;
  auto fit = x.fitting.begin();
  for (auto index : free) {
    fit = std::lower_bound(fit, x.fitting.end(), index, before);
    if (fit == x.fitting.end())
      return result;
    const auto& node = nodes.entries()[index];
    if (fit->index != index || free_slots(node) == 0
        || (fit->avoided && x.has_others))
      continue;
    auto value = score(*fit, node);
    if (!result || value > best) {
      result = index;
      best = value;
    }
  }
  return result;
}

/// A class with tasks, and the one of them whose turn it is.
struct turn {
  ready_task task;
  ready_class* of;

  /// The first of a heap is the one that comes first.
  friend bool operator<(const turn& a, const turn& b) {
    return b.task < a.task;
  }
};

} // namespace

std::string misfit(const task_needs& needs, const node_entry& node) {
  const auto& name = node.row.card.key.name;
  if (!needs.node.empty() && needs.node != name)
    return "the job is to run on " + needs.node;
  if (node.row.card.slots == 0)
    return "is no worker";
  for (const auto& root : needs.reads)
    if (find_root(node, root) == nullptr)
      return "has no root " + root;
  for (const auto& root : needs.writes) {
    const auto* found = find_root(node, root);
    if (found == nullptr)
      return "has no root " + root;
    if (!found->writable)
      return "may not write to root " + root;
  }
  return encoder_misfit(needs, node);
}

std::vector<placed_task> place_tasks(ready_queue& queue, node_table& nodes,
                                     size_t limit) {
  std::vector<placed_task> result;
  auto free = nodes_with_slots(nodes);
  if (free.empty())
    return result;
  std::vector<turn> heads;
  for (auto& [name, x] : queue.classes())
    heads.push_back({*x.tasks.begin(), &x});
  std::priority_queue<turn> turns{{}, std::move(heads)};
  while (result.size() < limit && !turns.empty()) {
    auto [task, of] = turns.top();
    turns.pop();
    // A class without a node stays so for this round: slots only get fewer.
    auto node = best_node(*of, nodes, free);
    if (!node)
      continue;
    // The class goes with its last task.
    auto last = of->tasks.size() == 1;
    queue.remove(task.job, task.task);
    nodes.hold(*node, task.job);
    result.push_back({task, *node});
    if (!last)
      turns.push({*of->tasks.begin(), of});
  }
  return result;
}

std::string why_waiting(const task_needs& needs, const node_table& nodes) {
  constexpr size_t max_named = 8;
  size_t busy = 0;
  size_t refusing = 0;
  std::string reasons;
  for (const auto& x : nodes.entries()) {
    if (x.row.state == member_state::left)
      continue; // nobody expects it back
    auto reason = misfit(needs, x);
    if (reason.empty() && !takes_tasks(x))
      reason = x.row.quarantined ? "is in quarantine"
                                 : "is " + std::string{to_string(x.row.state)};
    if (reason.empty()) {
      ++busy;
    } else if (++refusing <= max_named) {
      reasons +=
          (reasons.empty() ? "" : "; ") + x.row.card.key.name + ": " + reason;
    }
  }
  if (busy == 1)
    return "the node that could run it is busy";
  if (busy > 1)
    return "all " + std::to_string(busy) + " nodes that could run it are busy";
  if (refusing > max_named)
    reasons += "; and " + std::to_string(refusing - max_named) + " more";
  return reasons.empty() ? "the cluster has no workers" : reasons;
}

} // namespace troupe
