#pragma once

#include <string>
#include <vector>

#include "messages/job.hpp"

namespace troupe {

/// What a completed job made, as lines for people: each output, how fast it
/// went, what was dropped, and warnings.
std::vector<std::string> summary_of(const job_report& report);

} // namespace troupe
