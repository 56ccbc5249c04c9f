#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "encode/unique_fd.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// Opens a TCP connection; tries all addresses of the host, one after another.
/// Blocks, for the deadline at most; what the system's resolver takes for a
/// name comes on top.
/// @returns a socket that doesn't block, or no_cluster with the reason
outcome<unique_fd>
connect_socket(const std::string& host, uint16_t port,
               std::chrono::steady_clock::time_point deadline);

} // namespace troupe
