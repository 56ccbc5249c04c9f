#pragma once

#include <string>

#include "messages/profile.hpp"

namespace troupe {

/// What `probe` shows to people: the machine in a few lines, then its encoders.
/// @param utf8 whether the terminal takes more than ASCII
std::string probe_text(const profile& machine, bool utf8);

} // namespace troupe
