#pragma once

#include <vector>

#include "messages/journal.hpp"

namespace troupe {

/// A job as what was written down about it says. Nothing is known of progress
/// and waiting.
/// @param attempts all of them, by task and number
job_report report_of(const submitted_job& job, const job_record& record,
                     const std::vector<attempt_record>& attempts);

} // namespace troupe
