#pragma once

#include <functional>

#include "encode/session_protocol.hpp"

namespace troupe::session {

/// Opens an encoder and encodes a few pictures with it: listed is not "works".
/// Thorough probing also climbs to 4K and measures the speed at 1080p.
/// @param report is told what is known after each step but the last
encoder_capability
probe_encoder(const probe_request& wanted,
              const std::function<void(const encoder_capability&)>& report);

/// Names that this build of libavcodec lists.
libraries list_libraries();

/// The libraries in this process, for `hello`.
std::vector<library_version> linked_libraries();

} // namespace troupe::session
