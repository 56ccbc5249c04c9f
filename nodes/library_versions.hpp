#pragma once

#include <vector>

#include "encode/session_process.hpp"
#include "messages/outcome.hpp"
#include "messages/profile.hpp"

namespace troupe {

/// The libraries that sessions use, as one of them tells when it greets. Blocks
/// until then, ten seconds at most.
/// @returns a failure when no session can be had
outcome<std::vector<library_version>>
library_versions(const session::starter& start);

} // namespace troupe
