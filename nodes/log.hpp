#pragma once

#include <memory>

#include "nodes/terminal.hpp"

namespace troupe {

/// Sends spdlog's messages to the terminal: warnings and worse, or with
/// `verbose` everything down to debug. They go through `printable` and don't
/// damage the live line.
void log_to(std::shared_ptr<terminal> screen, bool verbose);

} // namespace troupe
