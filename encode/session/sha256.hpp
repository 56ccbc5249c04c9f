#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "messages/outcome.hpp"

namespace troupe::session {

/// SHA-256 of a whole file, as 64 hexadecimal digits. Code: io_error.
/// @param counter grows by every byte read
outcome<std::string> sha256_of(int fd, std::atomic<uint64_t>& counter);

} // namespace troupe::session
