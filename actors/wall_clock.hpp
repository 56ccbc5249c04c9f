#pragma once

#include <chrono>
#include <cstdint>

namespace troupe {

/// Milliseconds since 1970, for people. What is measured or waited for goes by
/// the actors' own clock.
inline uint64_t unix_ms() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(duration_cast<milliseconds>(now).count());
}

} // namespace troupe
