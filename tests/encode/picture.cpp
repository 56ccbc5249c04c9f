#define CAF_SUITE picture

#include "tests/encode/picture_builder.hpp"

using namespace troupe;
using namespace troupe::test;

// -- shape --------------------------------------------------------------------

CAF_TEST(a turned picture is turned and its box with it) {
  auto stream = video_stream(3840, 2160);
  stream.turn = orientation::rotate_90;
  auto [video, whole] = pictures(job_to("a.mp4", "standard"), stream);
  CAF_CHECK((kinds(video.steps) == kinds_t{orient, scale}));
  CAF_CHECK(video.steps.front().turn == orientation::rotate_90);
  CAF_CHECK_EQUAL(size_of(video), "1080x1920");
}

CAF_TEST(fields are gone before a picture is turned) {
  auto stream = interlaced_stream();
  stream.turn = orientation::rotate_270;
  auto [video, whole] = pictures(job_to("a.mkv"), stream);
  CAF_CHECK((kinds(video.steps) == kinds_t{deinterlace, orient}));
  CAF_CHECK_EQUAL(size_of(video), "1080x1440");
  CAF_CHECK((video.sample_aspect == rational{3, 4}));
}

CAF_TEST(an orientation that is no right angle is reported) {
  auto stream = video_stream();
  stream.turn = orientation::other;
  auto [video, whole] = pictures(job_to("a.mp4"), stream);
  CAF_CHECK(video.steps.empty());
  CAF_CHECK(has_line(whole.dropped, "90 degrees"));
}

CAF_TEST(odd sides are cut where the encoder wants even ones) {
  auto stream = video_stream(641, 361);
  auto [video, whole] = pictures(job_to("a.mp4"), stream);
  CAF_CHECK((kinds(video.steps) == kinds_t{crop}));
  CAF_CHECK_EQUAL(size_of(video), "640x360");
  stream.pixel_format = "yuv444p";
  CAF_CHECK_EQUAL(size_of(pictures(job_to("a.mp4"), stream).video), "641x361");
  stream.pixel_format = "yuv422p";
  CAF_CHECK_EQUAL(size_of(pictures(job_to("a.mp4"), stream).video), "640x361");
}

CAF_TEST(a single pixel is enlarged to what the encoder takes) {
  auto [video, whole] =
      pictures(job_to("a.mp4", "standard"), video_stream(1, 1));
  CAF_CHECK((kinds(video.steps) == kinds_t{scale}));
  CAF_CHECK_EQUAL(size_of(video), "2x2");
  auto full = video_stream(1, 1);
  full.pixel_format = "yuv444p";
  CAF_CHECK_EQUAL(size_of(pictures(job_to("a.mp4"), full).video), "1x1");
}

CAF_TEST(too small and too large pictures are refused with who takes them) {
  auto small = refused(job_to("a.mp4", "archive"), video_stream(8, 8));
  CAF_CHECK(small.code == ec::impossible_job);
  CAF_CHECK(contains(small.cause, "16x16"));
  CAF_CHECK(contains(small.advice, "libx264"));
  small = refused(job_to("a.webm", "web_av1"), video_stream(32, 32));
  CAF_CHECK(contains(small.advice, "libaom-av1"));
  auto large = refused(with_codec("a.mp4", "mpeg4"), video_stream(10000, 100));
  CAF_CHECK(large.code == ec::impossible_job);
  CAF_CHECK(refused(job_to("a.mp4"), video_stream(70000, 100)).code
            == ec::bad_input);
}

CAF_TEST(a side that the user gives is a side of the upright picture) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.width = 540;
  auto stream = video_stream();
  stream.turn = orientation::rotate_90;
  CAF_CHECK_EQUAL(size_of(pictures(spec, stream).video), "540x960");
}

CAF_TEST(sizes that the user gives are exact and may enlarge) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.width = 3000;
  spec.what.height = 1000;
  auto [video, whole] = pictures(spec, video_stream());
  CAF_CHECK_EQUAL(size_of(video), "3000x1000");
  CAF_CHECK((video.sample_aspect == rational{16, 27}));
}

CAF_TEST(odd sizes that the user gives are made even and this said) {
  auto spec = job_to("a.mp4");
  spec.what.width = 641;
  auto [video, whole] = pictures(spec, video_stream());
  CAF_CHECK_EQUAL(video.width, 640u);
  CAF_CHECK(has_line(whole.warnings, "even"));
}

// -- rate and settings --------------------------------------------------------

CAF_TEST(fewer frames are picked before the work and more after it) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.fps = {10, 1};
  auto stream = hdr10_stream();
  CAF_CHECK((kinds(pictures(spec, stream).video.steps)
             == kinds_t{frame_rate, scale, tone_map}));
  spec.what.fps = {60, 1};
  auto video = pictures(spec, stream).video;
  CAF_CHECK((kinds(video.steps) == kinds_t{scale, tone_map, frame_rate}));
  CAF_CHECK((video.time_base == rational{1, 60}));
}

CAF_TEST(gif gets a palette last and no colour labels) {
  auto stream = video_stream(320, 240);
  stream.frame_rate = {60, 1};
  auto [video, whole] = pictures(job_to("a.gif"), stream);
  CAF_CHECK((kinds(video.steps) == kinds_t{frame_rate, palette}));
  CAF_CHECK_EQUAL(video.pixel_format, "pal8");
  CAF_CHECK((video.time_base == rational{1, 100}));
  CAF_CHECK(video.color == color_description{});
  CAF_CHECK(has_line(whole.warnings, "50"));
  CAF_CHECK_EQUAL(video.threads, 1u);
}

CAF_TEST(hdr becomes a gif by way of its tones) {
  auto [video, whole] = pictures(job_to("a.gif"), hdr10_stream());
  CAF_CHECK((kinds(video.steps) == kinds_t{tone_map, palette}));
}

CAF_TEST(threads are the workers unless the user says them) {
  CAF_CHECK_EQUAL(pictures(job_to("a.webm"), video_stream(), 200).video.threads,
                  16u);
  CAF_CHECK_EQUAL(pictures(job_to("a.mp4"), video_stream(), 0).video.threads,
                  1u);
  auto spec = job_to("a.mp4", "archive");
  spec.what.threads = 3;
  auto video = pictures(spec, video_stream()).video;
  CAF_CHECK_EQUAL(video.threads, 3u);
  CAF_CHECK(contains(value_of(video.options, "x265-params"), "pools=3:"));
}

CAF_TEST(a bit rate replaces the presets quality) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.bit_rate = 2'000'000;
  auto video = pictures(spec, video_stream()).video;
  CAF_CHECK_EQUAL(video.bit_rate, 2'000'000);
  CAF_CHECK_EQUAL(value_of(video.options, "crf"), "");
}

CAF_TEST(an encoder that stands in uses its own quality) {
  auto spec = job_to("a.webm", "web_av1");
  planning_context context;
  context.encoder.name = "librav1e";
  auto made = make_plan(spec, media_of({video_stream()}), context);
  CAF_REQUIRE(static_cast<bool>(made));
  auto& options = made->outputs.front().streams.front().video.options;
  CAF_CHECK_EQUAL(value_of(options, "qp"), "100");
}

CAF_TEST(the same arguments give the same plan) {
  auto one = pictures(job_to("a.mp4", "archive"), hdr10_stream()).video;
  auto two = pictures(job_to("a.mp4", "archive"), hdr10_stream()).video;
  CAF_CHECK(one.options == two.options);
  CAF_CHECK(one.steps == two.steps);
}
