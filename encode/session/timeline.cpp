#include "encode/session/timeline.hpp"

#include <algorithm>

namespace troupe::session {

namespace {

/// A gap up to here is silence or a still picture; beyond it is another clock.
/// The value of ffmpeg's option -dts_delta_threshold.
constexpr int64_t forward_us = 10'000'000;

/// Interleaving and B-frames move decoding times back a little; a clock that
/// goes back further is another one.
constexpr int64_t backward_us = 500'000;

} // namespace

timeline::timeline(int64_t start_us, bool jumps)
    : jumps_(jumps), epochs_{-start_us} {}

bool timeline::continues(const clock& stream, int64_t dts_us,
                         size_t epoch) const {
  auto delta = dts_us + epochs_[epoch] - *stream.expected_us;
  return delta <= forward_us && delta >= -backward_us;
}

int64_t timeline::correction(uint32_t stream, std::optional<int64_t> dts_us,
                             int64_t duration_us) {
  if (!jumps_)
    return epochs_.front();
  auto& own = clocks_[stream];
  if (!dts_us)
    return epochs_[own.epoch];
  if (!own.expected_us) {
    // The first packet of a stream that begins late belongs to the newest
    // clock that anybody has seen.
    own.epoch = epochs_.size() - 1;
  } else if (!continues(own, *dts_us, own.epoch)) {
    // Another stream may have crossed the jump already; its epoch is ours too.
    auto known = epochs_.size();
    for (auto next = own.epoch + 1; next < epochs_.size(); ++next)
      if (continues(own, *dts_us, next)) {
        known = next;
        break;
      }
    if (known == epochs_.size())
      epochs_.push_back(*own.expected_us - *dts_us);
    own.epoch = known;
  }
  auto offset = epochs_[own.epoch];
  own.expected_us = *dts_us + offset + std::max<int64_t>(duration_us, 0);
  return offset;
}

} // namespace troupe::session
