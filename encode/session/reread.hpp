#pragma once

#include "encode/session/meters.hpp"
#include "encode/session/packet_source.hpp"
#include "messages/outcome.hpp"
#include "messages/report.hpp"

namespace troupe::session {

/// Reads a finished output from its first byte to its last: what a player would
/// find, and the digest of the bytes. Codes: verification_failed when it can't
/// be read, io_error.
/// @param fd stays the caller's
/// @param padding_s per stream: what the audio encoder put in front of the
///                  sound; taken off where the container doesn't say it itself
outcome<output_report> reread_output(int fd, const session_limits& limits,
                                     const std::vector<double>& padding_s,
                                     meters& counters);

} // namespace troupe::session
