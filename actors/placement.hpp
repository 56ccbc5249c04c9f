#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/node_table.hpp"
#include "actors/ready_queue.hpp"

namespace troupe {

/// Why the node could never run the task; "" when it could, given a free slot.
/// What isn't known of it yet (its encoders) doesn't speak against it.
std::string misfit(const task_needs& needs, const node_entry& node);

/// Where a task went.
struct placed_task {
  ready_task task;
  size_t node = 0; ///< index in the table
};

/// Takes tasks out of the queue and gives them slots: the one whose turn it is
/// among those that fit anywhere now, to the node that suits it best. A pure
/// function of both but for the slots that it takes in the table.
/// @param limit at most so many; the rest is for the next round
/// @returns in the order of their turns; fewer than `limit` when nothing that
///          is left fits
std::vector<placed_task> place_tasks(ready_queue& queue, node_table& nodes,
                                     size_t limit);

/// Why the task waits, for people: "no node has root media", "all 3 nodes that
/// could run it are busy", "alpha: has no root media; beta: ...".
std::string why_waiting(const task_needs& needs, const node_table& nodes);

} // namespace troupe
