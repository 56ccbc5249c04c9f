#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// True when outputs of several inputs can differ: the pattern has {stem},
/// {name} or {dir}.
bool names_input(std::string_view pattern);

/// The output that a pattern means for one input:
/// - {name}: the input's file name, "a.mkv"
/// - {stem}: the same without its extension, "a"
/// - {ext}: the extension without its point, "mkv"
/// - {dir}: its folder as it was given, "media:/shows"
/// Everything else stays, {height} among it, which is each rendition's.
std::string output_for(std::string_view pattern, std::string_view input);

} // namespace troupe
