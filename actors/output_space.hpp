#pragma once

#include <cstdint>
#include <string>

#include "messages/outcome.hpp"
#include "messages/plan.hpp"

namespace troupe {

/// How large an output will be: by its bit rates where all of them are known,
/// else a tenth of the input, but at least 64 MiB. A guess, to refuse what
/// cannot fit before hours of work; not a bound.
/// @param duration_s of the source; 0 when not known
uint64_t estimated_bytes(const output_plan& plan, double duration_s,
                         uint64_t source_bytes);

/// Refuses with disk_full when there is less room than that.
/// @param path of the output, which the failure names
outcome<void> check_space(const std::string& path, uint64_t needed_bytes,
                          uint64_t free_bytes);

} // namespace troupe
