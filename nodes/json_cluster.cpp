#include <spdlog/fmt/fmt.h>

#include "nodes/json.hpp"
#include "nodes/readable.hpp"

namespace troupe {

json to_json(const job_summary& job) {
  auto time = [](uint64_t unix_ms) {
    return unix_ms == 0 ? json() : json(iso_time(unix_ms));
  };
  return {
      {"id", to_string(job.id)},
      {"name", job.name},
      {"state", to_string(job.state)},
      {"progress", json_number(job.progress)},
      {"priority", job.priority},
      {"eta_s", job.eta_s > 0 ? json(json_number(job.eta_s)) : json()},
      {"nodes", job.nodes},
      {"created", time(job.created_ms)},
      {"finished", time(job.finished_ms)},
      {"error", job.error == ec::none ? json() : json(to_string(job.error))},
  };
}

json to_json(const member& node) {
  auto roots = json::array();
  for (const auto& x : node.card.load.roots)
    roots.push_back({{"name", x.name},
                     {"writable", x.writable},
                     {"free_bytes", x.free_bytes}});
  return {
      {"name", node.card.key.name},
      // As text: JSON's readers round numbers of this size.
      {"incarnation", fmt::format("{:016x}", node.card.key.incarnation)},
      {"state", to_string(node.state)},
      {"roles", names_of(node.card.roles)},
      {"address", node.card.address},
      {"slots", node.card.slots},
      {"running", node.running},
      {"load",
       {{"cpu", json_number(node.card.load.cpu)},
        {"memory_free_bytes", node.card.load.memory_free_bytes}}},
      {"version", node.card.version},
      {"quarantined", node.quarantined},
      {"reason", node.reason.empty() ? json() : json(node.reason)},
      {"since", node.since_ms == 0 ? json() : json(iso_time(node.since_ms))},
      {"roots", std::move(roots)},
  };
}

json to_json(const log_line& line) {
  return {{"time", iso_time(line.time_ms)}, {"text", line.text}};
}

} // namespace troupe
