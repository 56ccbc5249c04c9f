#include "encode/timing.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace troupe {

namespace {

/// Averages above this come from broken headers more often than from cameras.
constexpr double highest_plausible = 240;

/// The highest rate that SVT-AV1 opens with.
constexpr double svt_highest = 240;

/// Hundredths of a second are GIF's clock, and players slow down what is
/// shorter than two of them.
constexpr rational gif_highest{50, 1};
constexpr rational gif_clock{1, 100};

/// MPEG-4 part 2 counts time in 16 bits.
constexpr int32_t mpeg4_longest = 65535;

/// Finer clocks than this overflow 32-bit fields of containers and encoders.
constexpr int32_t finest_clock = 1'000'000;
constexpr rational common_clock{1, 90'000};

/// An offset within half of a matroska tick of the grid is on it.
constexpr double on_grid_s = 0.0015;

/// Ticks per frame for constant rates off the grid of the file's start, where
/// the source's own clock is coarse.
constexpr int32_t ticks_per_frame = 12;
constexpr int32_t fine_clock = 10'000;

bool is_known(rational x) {
  return x.num > 0 && x.den > 0;
}

rational inverse(rational x) {
  return {x.den, x.num};
}

bool is_plausible(rational x) {
  return is_known(x) && to_double(x) <= highest_plausible;
}

/// The average rate; where the header's is no rate, what frames and duration
/// make.
rational average_rate(const stream_info& stream, double duration_s) {
  if (stream.constant_rate && is_known(stream.frame_rate))
    return stream.frame_rate;
  if (is_plausible(stream.frame_rate))
    return stream.frame_rate;
  auto seconds = stream.duration_s > 0 ? stream.duration_s : duration_s;
  if (stream.frames > 0 && seconds > 0) {
    auto thousandths =
        std::llround(1000.0 * static_cast<double>(stream.frames) / seconds);
    rational counted{
        static_cast<int32_t>(std::min<long long>(thousandths, INT32_MAX)),
        1000};
    if (is_plausible(counted))
      return counted;
  }
  if (is_plausible(stream.base_frame_rate))
    return stream.base_frame_rate;
  return {};
}

rational sane_clock(rational time_base) {
  if (!is_known(time_base) || time_base.den > finest_clock)
    return common_clock;
  return time_base;
}

/// The clock of a constant rate: frames fall on its ticks.
rational constant_clock(const stream_info& stream, double file_start_s,
                        rational rate) {
  auto frames = (stream.start_s - file_start_s) * to_double(rate);
  auto off_s = std::abs(frames - std::round(frames)) / to_double(rate);
  if (off_s <= on_grid_s)
    return inverse(rate);
  // The video begins between two ticks (after its sound, say): a tick a frame
  // would move it by up to half a frame.
  auto own = sane_clock(stream.time_base);
  if (own.den / own.num >= fine_clock || rate.num > INT32_MAX / ticks_per_frame)
    return own;
  return {rate.den, rate.num * ticks_per_frame};
}

rational mpeg4_clock(rational time_base) {
  auto common = std::gcd(time_base.num, time_base.den);
  time_base = {time_base.num / common, time_base.den / common};
  if (time_base.den <= mpeg4_longest)
    return time_base;
  auto parts = (time_base.den + mpeg4_longest - 1) / mpeg4_longest;
  if (time_base.den % parts == 0)
    return {time_base.num, time_base.den / parts};
  return {1, 60'000};
}

/// GIF shows neither more than 50 frames a second nor two within a tick.
void fit_gif(picture_timing& timing, const stream_info& stream) {
  auto highest = to_double(gif_highest);
  auto wanted = timing.convert_to.value_or(timing.frame_rate);
  if (to_double(wanted) > highest) {
    timing.capped = true;
    timing.convert_to = gif_highest;
  } else if (!timing.convert_to && !stream.constant_rate
             && to_double(stream.base_frame_rate) > 2 * highest) {
    timing.convert_to =
        is_known(timing.frame_rate) ? timing.frame_rate : gif_highest;
  }
  if (timing.convert_to)
    timing.frame_rate = *timing.convert_to;
  timing.time_base = gif_clock;
}

} // namespace

picture_timing decide_timing(const stream_info& stream, double file_start_s,
                             double duration_s, rational wanted,
                             std::string_view encoder) {
  picture_timing result;
  result.frame_rate = average_rate(stream, duration_s);
  auto constant = stream.constant_rate && is_known(stream.frame_rate);
  if (is_known(wanted)
      && !(constant && to_double(wanted) == to_double(stream.frame_rate)))
    result.convert_to = wanted;
  if (result.convert_to) {
    result.frame_rate = wanted;
    result.time_base = inverse(wanted);
  } else if (constant) {
    result.time_base = constant_clock(stream, file_start_s, stream.frame_rate);
  } else {
    result.time_base = sane_clock(stream.time_base);
  }
  if (encoder == "gif")
    fit_gif(result, stream);
  else if (encoder == "mpeg4")
    result.time_base = mpeg4_clock(result.time_base);
  // Without a rate it takes the clock for one, and refuses that of 90 kHz.
  else if (encoder == "libsvtav1"
           && !(is_known(result.frame_rate)
                && to_double(result.frame_rate) <= svt_highest))
    result.frame_rate = {is_known(result.frame_rate) ? 240 : 30, 1};
  return result;
}

} // namespace troupe
