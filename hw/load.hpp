#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace troupe {

/// What the processors of a machine did since it started, in ticks of its
/// clock.
struct processor_times {
  uint64_t busy = 0;
  uint64_t total = 0; ///< busy and idle
};

/// Reads the line "cpu" of a text like /proc/stat. Waiting for a disk counts as
/// idle. Nothing when there is no such line.
std::optional<processor_times> parse_stat(std::string_view text);

/// Reads the memory, in bytes, that new programs could use, from a text like
/// /proc/meminfo. Nothing when it doesn't say.
std::optional<uint64_t> parse_meminfo(std::string_view text);

/// Share of the processors, 0 to 1, that was in use between two readings; 0
/// when no time went by, or backwards.
double share_in_use(const processor_times& before, const processor_times& now);

/// What a machine does from one look to the next.
class load_sampler {
public:
  /// @param proc the folder /proc; tests name another
  explicit load_sampler(std::filesystem::path proc = "/proc");

  /// Share of the processors that was in use since the last call, or since the
  /// sampler was made; 0 to 1, and 0 when the system doesn't tell.
  double cpu();

  /// Bytes that new programs could use; 0 when the system doesn't tell.
  uint64_t memory_free_bytes() const;

private:
  std::filesystem::path proc_;
  processor_times last_;
};

} // namespace troupe
