#pragma once

#include <string>
#include <vector>

#include "messages/limits.hpp"
#include "messages/outcome.hpp"

namespace troupe::session {

/// Exit status of a session that ran out of memory where libav could not say
/// so: an allocation failed inside a library that then gave up.
constexpr int out_of_memory_status = 70;

/// Ties the process to its parent: it gets SIGKILL when the thread that spawned
/// it ends. False when the parent is gone already.
/// @param parent process id of the node
bool die_with_parent(int parent);

/// Makes running out of memory end with `out_of_memory_status`, also where a
/// library crashes on the missing block.
void report_memory_exhaustion();

/// True when not even a small block can be had any more.
bool memory_is_exhausted();

/// Opens the encoders that read the machine's files when first opened, once.
void warm_up(const std::vector<std::string>& encoders);

/// Sets the limits and closes the sandbox: from here on no file, socket or
/// program can be opened. Only what was inherited or is passed later is usable.
/// Every thread of the process is bound by it.
outcome<void> close_sandbox(const session_limits& limits);

} // namespace troupe::session
