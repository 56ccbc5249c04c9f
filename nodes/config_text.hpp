#pragma once

#include <string>

#include "config/node_file.hpp"
#include "nodes/json.hpp"

namespace troupe {

/// What a node's configuration comes to, in a line: "node alpha (coordinator,
/// worker) at 127.0.0.1:7400, 2 slots, roots media, plain TCP".
std::string config_summary(const node_settings& settings);

/// The document of `check-config`: {"file", "ok", "mistakes", "warnings",
/// "node"}; the node is null where there are mistakes.
json to_json(const std::string& file, const node_reading& reading);

} // namespace troupe
