#pragma once

#include <string_view>

#include "messages/outcome.hpp"

namespace troupe {

/// Makes sure that the descriptors 0, 1 and 2 are taken, so that no file or
/// socket opened later becomes "standard output" by accident. One that was
/// closed fails when it is used, as before. Call it first in main.
void occupy_standard_streams();

/// Writes data for machines, all of it; io_error when standard output is
/// closed, full or nobody reads it any more (SIGPIPE must be ignored).
outcome<void> write_stdout(std::string_view data);

} // namespace troupe
