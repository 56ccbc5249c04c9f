#pragma once

#include <string>
#include <vector>

#include "encode/presets.hpp"

namespace troupe {

/// What `encode --list-presets` shows to people: a row per preset.
std::string preset_text(const std::vector<preset>& presets);

} // namespace troupe
