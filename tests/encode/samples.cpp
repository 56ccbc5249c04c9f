#define CAF_SUITE samples

#include "tests/encode/picture_builder.hpp"

using namespace troupe;
using namespace troupe::test;

// -- fields -------------------------------------------------------------------

CAF_TEST(fields are kept where the encoder can code them) {
  auto [video, whole] = pictures(job_to("a.mkv"), interlaced_stream());
  CAF_CHECK(video.steps.empty());
  CAF_CHECK_EQUAL(video.field_order, "tff");
  CAF_CHECK(whole.dropped.empty());
}

CAF_TEST(fields are scaled each on its own) {
  auto spec = job_to("a.mkv");
  spec.what.width = 720;
  auto [video, whole] = pictures(spec, interlaced_stream());
  CAF_CHECK((kinds(video.steps) == kinds_t{scale}));
  CAF_CHECK(video.steps.front().interlaced);
  CAF_CHECK_EQUAL(video.height % 4, 0u);
}

CAF_TEST(fields keep whole chroma lines) {
  auto stream = video_stream(720, 486);
  stream.field_order = "bff";
  auto [video, whole] = pictures(job_to("a.mkv"), stream);
  CAF_CHECK_EQUAL(size_of(video), "720x484");
  CAF_CHECK_EQUAL(video.field_order, "bff");
}

CAF_TEST(chroma of fields is converted field by field) {
  auto spec = with_encoder("a.mov", "prores_ks");
  auto [video, whole] = pictures(spec, interlaced_stream());
  CAF_CHECK_EQUAL(video.pixel_format, "yuv422p10le");
  CAF_CHECK((kinds(video.steps) == kinds_t{scale}));
  CAF_CHECK(video.steps.front().interlaced);
  CAF_CHECK_EQUAL(video.field_order, "tff");
}

CAF_TEST(encoders without fields get progressive pictures) {
  auto [video, whole] =
      pictures(with_codec("a.mkv", "hevc"), interlaced_stream());
  CAF_CHECK((kinds(video.steps) == kinds_t{deinterlace}));
  CAF_CHECK(has_line(whole.dropped, "made progressive"));
}

// -- samples and colours ------------------------------------------------------

CAF_TEST(without a preset labels and depth stay as found) {
  auto stream = video_stream(720, 576);
  stream.color = {"bt470bg", "", "bt470bg", "", ""};
  stream.pixel_format = "yuv420p10le";
  stream.bit_depth = 10;
  auto [video, whole] = pictures(job_to("a.mkv"), stream);
  CAF_CHECK(video.steps.empty());
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p10le");
  CAF_CHECK(video.color == stream.color);
}

CAF_TEST(a label is written where scaling would change the guess) {
  auto stream = video_stream();
  stream.color = {};
  auto spec = job_to("a.mkv");
  CAF_CHECK_EQUAL(pictures(spec, stream).video.color.matrix, "");
  spec.what.width = 640;
  auto [video, whole] = pictures(spec, stream);
  CAF_CHECK_EQUAL(video.color.matrix, "bt709");
  CAF_CHECK_EQUAL(video.color.primaries, "bt709");
}

CAF_TEST(depth that the encoder lacks is warned of) {
  auto stream = video_stream();
  stream.pixel_format = "yuv422p12le";
  stream.bit_depth = 12;
  auto [video, whole] = pictures(with_codec("a.mkv", "av1"), stream);
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p10le");
  CAF_CHECK(has_line(whole.warnings, "12 bits become 10"));
  CAF_CHECK(has_line(whole.warnings, "4:2:2 becomes 4:2:0"));
}

CAF_TEST(hdr in an eight bit codec is mapped and said) {
  auto [video, whole] = pictures(with_codec("a.mkv", "mpeg4"), hdr10_stream());
  CAF_CHECK((kinds(video.steps) == kinds_t{tone_map}));
  CAF_CHECK(has_line(whole.warnings, "8 bits"));
  CAF_CHECK_EQUAL(video.color.transfer, "bt709");
}

CAF_TEST(rgb becomes bt709 and its alpha is dropped) {
  auto stream = video_stream(320, 240);
  stream.codec = "qtrle";
  stream.pixel_format = "argb";
  stream.rgb = stream.alpha = true;
  stream.color = {};
  auto [video, whole] = pictures(job_to("a.mp4"), stream);
  CAF_CHECK((kinds(video.steps) == kinds_t{to_bt709}));
  CAF_CHECK_EQUAL(video.steps.front().from.matrix, "gbr");
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p");
  CAF_CHECK_EQUAL(video.color.matrix, "bt709");
  CAF_CHECK(has_line(whole.dropped, "alpha channel"));
}

CAF_TEST(full range stays where the encoder can say it) {
  auto stream = video_stream();
  stream.pixel_format = "yuvj420p";
  stream.color.range = "pc";
  auto kept = pictures(job_to("a.mp4"), stream).video;
  CAF_CHECK(kept.steps.empty());
  CAF_CHECK_EQUAL(kept.pixel_format, "yuvj420p");
  CAF_CHECK_EQUAL(kept.color.range, "pc");
  for (auto codec : {"vp9", "mpeg4"}) {
    auto converted = pictures(with_codec("a.mkv", codec), stream).video;
    CAF_CHECK((kinds(converted.steps) == kinds_t{to_bt709}));
    CAF_CHECK_EQUAL(converted.color.range, "tv");
  }
  stream.pixel_format = "yuv420p";
  CAF_CHECK(pictures(with_codec("a.mkv", "vp9"), stream).video.steps.empty());
}

CAF_TEST(what rides on the pictures is kept or listed) {
  auto stream = hdr10_stream();
  stream.dolby_vision = true;
  stream.closed_captions = true;
  auto whole = pictures(job_to("a.mp4", "archive"), stream).whole;
  CAF_CHECK(has_line(whole.dropped, "Dolby Vision"));
  CAF_CHECK(has_line(whole.dropped, "closed captions"));
  auto x264 = pictures(job_to("a.mp4", "standard"), stream).whole;
  CAF_CHECK(!has_line(x264.dropped, "closed captions"));
}
