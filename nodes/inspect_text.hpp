#pragma once

#include <string>

#include "messages/media.hpp"

namespace troupe {

/// What `inspect` shows to people. Printable throughout, whatever the file's
/// tags hold.
/// @param file the path as it was given
/// @param utf8 whether the terminal takes more than ASCII
std::string inspect_text(const std::string& file, const media_info& media,
                         bool utf8);

} // namespace troupe
