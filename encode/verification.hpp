#pragma once

#include <string>
#include <vector>

#include "messages/outcome.hpp"
#include "messages/plan.hpp"
#include "messages/report.hpp"

namespace troupe {

/// Compares what came out with what went in: stream inventory, frame count,
/// duration, offset between picture and sound at start and end, chapters.
/// Returns warnings for people (damage in the source that was survived), or
/// verification_failed with what differs, in numbers.
outcome<std::vector<std::string>> verify(const encode_plan& plan,
                                         const encode_report& report);

} // namespace troupe
