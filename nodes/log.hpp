#pragma once

#include <memory>

#include "nodes/terminal.hpp"

namespace troupe {

/// Sends spdlog's messages to the terminal: warnings and worse, or with
/// `verbose` everything down to debug. They go through `printable` and don't
/// damage the live line.
void log_to(std::shared_ptr<terminal> screen, bool verbose);

/// The same for a process that runs for long: what happens is told too, each
/// line with its time (UTC) and without the program's name. As verbose as
/// `log_to` was told to be.
void log_node_to(std::shared_ptr<terminal> screen);

} // namespace troupe
