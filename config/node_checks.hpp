#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/setting_table.hpp"
#include "messages/failure.hpp"

namespace troupe {

/// Says whether a setting, "section.key", or a section was written down at all,
/// rightly or not.
using was_said = std::function<bool(std::string_view)>;

/// What is wrong about settings that are right one by one: what is missing, and
/// what doesn't go together. The subject of each mistake is "section.key".
std::vector<failure> check_together(const setting_target& read,
                                    const was_said& said);

/// What came of looking at the disk.
struct disk_findings {
  std::vector<failure> mistakes;     ///< subject "section.key"
  std::vector<std::string> warnings; ///< for people
};

/// Looks whether the folders of the settings are there and usable, the data
/// folder out of reach of jobs, and the certificates valid at `now`.
disk_findings check_on_disk(const node_settings& settings,
                            std::chrono::system_clock::time_point now);

} // namespace troupe
