#pragma once

#include <string_view>
#include <vector>

namespace troupe {

/// The word that somebody who wrote `text` probably meant; "" when none is
/// near. Near are words that at most two letters must be changed, added, left
/// out or swapped for, fewer when they are short.
std::string_view nearest(std::string_view text,
                         const std::vector<std::string_view>& words);

} // namespace troupe
