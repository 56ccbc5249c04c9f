#pragma once

#include <cstdint>

namespace troupe {

/// When a session's reads and writes are served by the disk.
enum class io_priority : uint8_t {
  best_effort = 1, ///< as everybody's
  idle = 2,        ///< when nobody else wants the disk
};

/// What one session may use. Enforced by the kernel in the session's process,
/// whatever the media makes libav do.
struct session_limits {
  uint64_t memory_bytes = uint64_t{4} << 30;    ///< address space; 0: no limit
  uint64_t max_file_bytes = uint64_t{10} << 30; ///< each output; 0: no limit
  uint64_t max_pixels = uint64_t{8192} * 8192;  ///< per picture
  int32_t nice = 10;                            ///< 0 to 19
  io_priority io = io_priority::best_effort;

  friend bool operator==(const session_limits&,
                         const session_limits&) = default;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, session_limits& x) {
  return f(x.memory_bytes, x.max_file_bytes, x.max_pixels, x.nice, x.io);
}

} // namespace troupe
