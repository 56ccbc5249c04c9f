#pragma once

#include "messages/job.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// Checks what the parts of a job make of each other: options that contradict,
/// and codecs in containers that can't hold them. Part of `validate`, after
/// every word and number was found good on its own.
outcome<void> check_pairs(const job_spec& spec);

} // namespace troupe
