#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace troupe::session {

/// Makes one clock of a transport stream's clocks. Broadcast recordings and
/// joined segments jump: the 33-bit clock wraps or another encoder's clock goes
/// on. Every jump starts an epoch with an offset of its own; all streams of an
/// epoch get the same offset, so that picture and sound stay together across
/// the jump. Plain numbers in microseconds; no libav.
class timeline {
public:
  /// @param start_us what becomes zero
  /// @param jumps whether the container's clock may jump; otherwise only the
  ///              start is subtracted
  timeline(int64_t start_us, bool jumps);

  /// The correction to add to a packet's timestamps.
  /// @param stream the packet's stream
  /// @param dts_us its decoding time, if it has one
  /// @param duration_us its duration, 0 when not known
  int64_t correction(uint32_t stream, std::optional<int64_t> dts_us,
                     int64_t duration_us);

  /// How many jumps were found.
  size_t jumps() const { return epochs_.size() - 1; }

private:
  struct clock {
    size_t epoch = 0;
    std::optional<int64_t> expected_us; ///< corrected time of the next packet
  };

  bool continues(const clock& stream, int64_t dts_us, size_t epoch) const;

  bool jumps_;
  std::vector<int64_t> epochs_; ///< offset of each, in order of appearance
  std::map<uint32_t, clock> clocks_;
};

} // namespace troupe::session
