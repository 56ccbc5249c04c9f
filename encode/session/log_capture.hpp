#pragma once

#include <string>
#include <vector>

namespace troupe::session {

/// Sends libav's error messages to standard error, where the node keeps the
/// last of them as a crashed session's last words. Call once, before anything
/// of libav.
void install_log();

/// The messages since the last call, oldest first, without repeats; at most
/// sixteen, which is enough to see what is wrong with a file.
std::vector<std::string> take_log();

} // namespace troupe::session
