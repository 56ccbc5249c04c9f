#define CAF_SUITE timing

#include "encode/timing.hpp"

#include <limits>

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

picture_timing timing_of(const stream_info& stream,
                         const char* encoder = "libx264", rational wanted = {},
                         double file_start_s = 0) {
  return decide_timing(stream, file_start_s, 10, wanted, encoder);
}

stream_info variable_stream() {
  auto result = video_stream();
  result.constant_rate = false;
  result.frame_rate = {1709, 100};
  result.base_frame_rate = {600, 1};
  result.time_base = {1, 600};
  return result;
}

const rational pal_tick{1, 25};

} // namespace

CAF_TEST(a constant rate ticks once a frame) {
  auto stream = video_stream();
  stream.frame_rate = {30000, 1001};
  auto timing = timing_of(stream);
  CAF_CHECK(timing.time_base == (rational{1001, 30000}));
  CAF_CHECK(timing.frame_rate == (rational{30000, 1001}));
  CAF_CHECK(!timing.convert_to);
}

CAF_TEST(a variable rate keeps the clock of its source) {
  auto timing = timing_of(variable_stream());
  CAF_CHECK(timing.time_base == (rational{1, 600}));
  CAF_CHECK(timing.frame_rate == (rational{1709, 100}));
}

CAF_TEST(pictures that begin between two ticks are not moved) {
  auto stream = video_stream();
  stream.start_s = 1.42; // the sound began at 1.4: half a frame
  stream.time_base = {1, 90000};
  CAF_CHECK(timing_of(stream, "libx264", {}, 1.4).time_base
            == (rational{1, 90000}));
  stream.time_base = {1, 1000};
  CAF_CHECK(timing_of(stream, "libx264", {}, 1.4).time_base
            == (rational{1, 300}));
  stream.start_s = 1.48; // two frames
  CAF_CHECK(timing_of(stream, "libx264", {}, 1.4).time_base == pal_tick);
  stream.start_s = 0.0335; // rounded by matroska
  CAF_CHECK(timing_of(stream, "libx264", {}, -0.007).time_base == pal_tick);
}

CAF_TEST(a wanted rate converts unless the source has it) {
  auto timing = timing_of(video_stream(), "libx264", {10, 1});
  CAF_CHECK(timing.convert_to == (rational{10, 1}));
  CAF_CHECK(timing.time_base == (rational{1, 10}));
  CAF_CHECK(timing.frame_rate == (rational{10, 1}));
  CAF_CHECK(!timing_of(video_stream(), "libx264", {50, 2}).convert_to);
  CAF_CHECK(
      timing_of(variable_stream(), "libx264", {25, 1}).convert_to.has_value());
}

CAF_TEST(rates that no camera has are not believed) {
  auto stream = variable_stream();
  stream.frame_rate = {57600, 1};
  stream.base_frame_rate = {57600, 1};
  stream.frames = 63;
  stream.duration_s = 9;
  CAF_CHECK(timing_of(stream).frame_rate == (rational{7000, 1000}));
  stream.frames = 0;
  CAF_CHECK(timing_of(stream).frame_rate == (rational{0, 1}));
}

CAF_TEST(svt is never told a rate that it refuses) {
  auto stream = variable_stream();
  stream.frame_rate = stream.base_frame_rate = {};
  stream.frames = 0;
  CAF_CHECK(timing_of(stream, "libsvtav1").frame_rate == (rational{30, 1}));
  stream = video_stream();
  stream.frame_rate = {300, 1};
  CAF_CHECK(timing_of(stream, "libsvtav1").frame_rate == (rational{240, 1}));
  CAF_CHECK(timing_of(stream, "libsvtav1").time_base == (rational{1, 300}));
}

CAF_TEST(mpeg4 counts in sixteen bits) {
  auto stream = variable_stream();
  stream.time_base = {1, 90000};
  CAF_CHECK(timing_of(stream, "mpeg4").time_base == (rational{1, 45000}));
  stream.time_base = {1, 65537};
  CAF_CHECK(timing_of(stream, "mpeg4").time_base == (rational{1, 60000}));
  CAF_CHECK(timing_of(video_stream(), "mpeg4").time_base == pal_tick);
}

CAF_TEST(clocks that overflow are replaced) {
  auto stream = variable_stream();
  for (auto broken : {rational{0, 1}, rational{1, 0}, rational{-1, 25},
                      rational{1, 1'000'000'000}}) {
    stream.time_base = broken;
    CAF_CHECK(timing_of(stream).time_base == (rational{1, 90000}));
  }
  stream = video_stream();
  stream.start_s = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK(timing_of(stream).time_base.den > 0);
}

CAF_TEST(gif shows no more than fifty frames a second) {
  auto stream = video_stream();
  stream.frame_rate = {60, 1};
  auto timing = timing_of(stream, "gif");
  CAF_CHECK(timing.capped);
  CAF_CHECK(timing.convert_to == (rational{50, 1}));
  CAF_CHECK(timing.time_base == (rational{1, 100}));
  timing = timing_of(video_stream(), "gif");
  CAF_CHECK(!timing.capped && !timing.convert_to);
  CAF_CHECK(timing_of(video_stream(), "gif", {60, 1}).convert_to
            == (rational{50, 1}));
}

CAF_TEST(gif gets even time steps where bursts would share a tick) {
  auto timing = timing_of(variable_stream(), "gif");
  CAF_CHECK(timing.convert_to == (rational{1709, 100}));
  CAF_CHECK(!timing.capped);
}
