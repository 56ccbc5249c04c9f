#pragma once

#include <string>

#include "encode/session_process.hpp"
#include "messages/failure.hpp"

namespace troupe {

/// What the unexpected end of a session means for its task: memory_limit,
/// disk_full for an output past its size limit, session_crashed otherwise.
/// @param subject what the session worked on
failure failure_of_end(const session::exited& end, const std::string& subject);

/// What a session refused, with the path that it cannot know before what it
/// says itself: that of the output where the disk is to blame, else that of the
/// input.
/// @param output the first output; "" when nothing was being written
failure failure_of_refusal(const failure& refused, const std::string& input,
                           const std::string& output);

/// Text out of a session's hands, fit for a terminal and a line: what controls
/// terminals becomes a blank, and it is cut at 500 bytes from the end.
std::string harmless(const std::string& text);

} // namespace troupe
