#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "messages/outcome.hpp"

namespace troupe {

/// Chooses `percent` of the processors, rounded down, but at least one. They
/// are neighbours, which share caches; nodes of other names begin elsewhere, so
/// that two nodes of one machine seldom crowd on the same.
/// @param usable numbers of the processors, not empty
std::vector<uint32_t> choose_processors(const std::vector<uint32_t>& usable,
                                        uint32_t percent,
                                        std::string_view name);

/// Binds this thread, and all threads and processes that it starts from now
/// on, to a share of the processors that it may use now. To be called before
/// the others are started. Does nothing for 100. Code: bad_config when the
/// kernel refuses.
outcome<void> use_share_of_processors(uint32_t percent, std::string_view name);

} // namespace troupe
