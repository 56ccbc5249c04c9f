#include "actors/placement.hpp"

#include <algorithm>

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

/// Share of its slots that is free, what the machine does besides, and how
/// fast it is: more is better. Slots count most, so that work spreads; a node
/// twice as fast is worth as much as one slot of four.
double score(const task_needs& needs, const node_entry& node) {
  constexpr double load_weight = 0.2;
  constexpr double speed_weight = 0.25;
  constexpr double fast_fps = 60;
  auto free = static_cast<double>(free_slots(node)) / node.row.card.slots;
  auto fps = speed_of(needs, node);
  return free - load_weight * node.row.card.load.cpu
         + speed_weight * fps / (fps + fast_fps);
}

bool avoided(const task_needs& needs, const node_entry& node) {
  return std::find(needs.avoid.begin(), needs.avoid.end(),
                   node.row.card.key.name)
         != needs.avoid.end();
}

/// Nodes that fit but for their slots. Those to be avoided count only when
/// there is no other.
std::vector<uint32_t> fitting_nodes(const task_needs& needs,
                                    const node_table& nodes) {
  std::vector<uint32_t> good;
  std::vector<uint32_t> last_resort;
  const auto& entries = nodes.entries();
  for (size_t i = 0; i < entries.size(); ++i)
    if (takes_tasks(entries[i]) && misfit(needs, entries[i]).empty())
      (avoided(needs, entries[i]) ? last_resort : good)
          .push_back(static_cast<uint32_t>(i));
  return good.empty() ? last_resort : good;
}

std::optional<size_t> best_node(ready_class& x, const node_table& nodes) {
  if (x.generation != nodes.generation()) {
    x.fitting = fitting_nodes(x.needs, nodes);
    x.generation = nodes.generation();
  }
  std::optional<size_t> result;
  double best = 0;
  for (auto index : x.fitting) {
    const auto& node = nodes.entries()[index];
    if (free_slots(node) == 0)
      continue;
    auto value = score(x.needs, node);
    if (!result || value > best) {
      result = index;
      best = value;
    }
  }
  return result;
}

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
  // Classes without a node stay so for this round: slots only get fewer.
  std::set<std::string> blocked;
  while (result.size() < limit) {
    const ready_task* turn = nullptr;
    const std::string* key = nullptr;
    for (const auto& [name, x] : queue.classes())
      if (!blocked.contains(name)
          && (turn == nullptr || *x.tasks.begin() < *turn)) {
        turn = &*x.tasks.begin();
        key = &name;
      }
    if (turn == nullptr)
      return result;
    auto node = best_node(queue.classes().at(*key), nodes);
    if (!node) {
      blocked.insert(*key);
      continue;
    }
    auto task = *turn;
    queue.remove(task.job, task.task);
    nodes.hold(*node, task.job);
    result.push_back({task, *node});
  }
  return result;
}

std::string why_waiting(const task_needs& needs, const node_table& nodes) {
  constexpr size_t max_named = 8;
  size_t busy = 0;
  size_t refusing = 0;
  std::string reasons;
  for (const auto& x : nodes.entries()) {
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
