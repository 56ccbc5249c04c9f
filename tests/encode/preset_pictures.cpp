#define CAF_SUITE preset_pictures

#include "tests/encode/picture_builder.hpp"

using namespace troupe;
using namespace troupe::test;

CAF_TEST(standard leaves a plain source alone) {
  auto [video, whole] = pictures(job_to("a.mp4", "standard"), video_stream());
  CAF_CHECK_EQUAL(video.encoder, "libx264");
  CAF_CHECK_EQUAL(size_of(video), "1920x1080");
  CAF_CHECK(video.steps.empty());
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p");
  CAF_CHECK_EQUAL(value_of(video.options, "crf"), "21");
  CAF_CHECK_EQUAL(value_of(video.options, "preset"), "medium");
  CAF_CHECK_EQUAL(video.threads, 4u);
  CAF_CHECK_EQUAL(video.color.matrix, "bt709");
  CAF_CHECK_EQUAL(video.color.range, "tv");
  CAF_CHECK(whole.dropped.empty());
  CAF_CHECK(whole.warnings.empty());
}

CAF_TEST(standard fits 4k hdr into 1080p and maps its tones) {
  auto [video, whole] = pictures(job_to("a.mp4", "standard"), hdr10_stream());
  CAF_CHECK_EQUAL(size_of(video), "1920x1080");
  // Scaled first: a quarter of the pixels to map.
  CAF_CHECK((kinds(video.steps) == kinds_t{scale, tone_map}));
  CAF_CHECK_EQUAL(video.steps.back().from.transfer, "smpte2084");
  CAF_CHECK_EQUAL(video.steps.back().from.primaries, "bt2020");
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p");
  CAF_CHECK_EQUAL(video.color.transfer, "bt709");
  CAF_CHECK(!video.keep_hdr);
  CAF_CHECK(has_line(whole.dropped, "tone-mapped"));
}

CAF_TEST(standard brings every other colour to bt709) {
  auto stream = video_stream(720, 576);
  stream.color = {};
  auto [video, whole] = pictures(job_to("a.mp4", "standard"), stream);
  CAF_CHECK((kinds(video.steps) == kinds_t{to_bt709}));
  auto& from = video.steps.front().from;
  for (auto field : {&from.primaries, &from.transfer, &from.matrix, &from.range,
                     &from.chroma_location})
    CAF_CHECK(!field->empty());
  CAF_CHECK_EQUAL(from.matrix, "bt470bg");
  CAF_CHECK_EQUAL(video.color.matrix, "bt709");
  CAF_CHECK_EQUAL(video.color.primaries, "bt709");
}

CAF_TEST(standard makes eight bits of ten without a word about it) {
  auto stream = video_stream();
  stream.pixel_format = "yuv422p10le";
  stream.bit_depth = 10;
  auto [video, whole] = pictures(job_to("a.mp4", "standard"), stream);
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p");
  CAF_CHECK(whole.warnings.empty());
}

CAF_TEST(standard makes fields progressive and says so) {
  auto [video, whole] =
      pictures(job_to("a.mp4", "standard"), interlaced_stream());
  CAF_CHECK((kinds(video.steps) == kinds_t{deinterlace}));
  CAF_CHECK_EQUAL(video.field_order, "");
  CAF_CHECK((video.sample_aspect == rational{4, 3}));
  CAF_CHECK(has_line(whole.dropped, "tff: made progressive"));
}

CAF_TEST(web fits into 720p and never enlarges) {
  auto large = pictures(job_to("a.webm", "web"), video_stream()).video;
  CAF_CHECK_EQUAL(large.encoder, "libvpx-vp9");
  CAF_CHECK_EQUAL(size_of(large), "1280x720");
  CAF_CHECK_EQUAL(value_of(large.options, "crf"), "32");
  CAF_CHECK_EQUAL(large.bit_rate, 0);
  CAF_CHECK_EQUAL(large.gop_size, 125u);
  auto small = pictures(job_to("a.webm", "web"), video_stream(320, 240)).video;
  CAF_CHECK_EQUAL(size_of(small), "320x240");
}

CAF_TEST(web makes odd sides even although its codec would take them) {
  auto [video, whole] =
      pictures(job_to("a.webm", "web"), video_stream(641, 361));
  CAF_CHECK_EQUAL(size_of(video), "640x360");
  CAF_CHECK((kinds(video.steps) == kinds_t{crop}));
  CAF_CHECK_EQUAL(
      size_of(pictures(job_to("a.webm"), video_stream(641, 361)).video),
      "641x361");
}

CAF_TEST(high quality is prores in ten bits) {
  auto [video, whole] =
      pictures(job_to("a.mov", "high_quality"), video_stream());
  CAF_CHECK_EQUAL(video.encoder, "prores_ks");
  CAF_CHECK_EQUAL(video.pixel_format, "yuv422p10le");
  CAF_CHECK_EQUAL(value_of(video.options, "profile"), "3");
  CAF_CHECK_EQUAL(value_of(video.options, "crf"), "");
}

CAF_TEST(high quality keeps alpha) {
  auto stream = video_stream(320, 240);
  stream.codec = "qtrle";
  stream.pixel_format = "argb";
  stream.rgb = stream.alpha = true;
  auto [video, whole] = pictures(job_to("a.mov", "high_quality"), stream);
  CAF_CHECK_EQUAL(video.pixel_format, "yuva444p10le");
  CAF_CHECK_EQUAL(value_of(video.options, "profile"), "4");
  CAF_CHECK((kinds(video.steps) == kinds_t{to_bt709}));
  CAF_CHECK(!has_line(whole.dropped, "alpha"));
}

CAF_TEST(archive keeps size and depth and hdr) {
  auto [video, whole] = pictures(job_to("a.mp4", "archive"), hdr10_stream());
  CAF_CHECK_EQUAL(video.encoder, "libx265");
  CAF_CHECK_EQUAL(size_of(video), "3840x2160");
  CAF_CHECK(video.steps.empty());
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p10le");
  CAF_CHECK(video.keep_hdr);
  CAF_CHECK_EQUAL(video.color.transfer, "smpte2084");
  CAF_CHECK_EQUAL(video.color.chroma_location, "topleft");
  CAF_CHECK(
      contains(value_of(video.options, "x265-params"), "master-display="));
  CAF_CHECK(whole.dropped.empty());
}

CAF_TEST(web av1 keeps hdr and fits into 1080p) {
  auto [video, whole] = pictures(job_to("a.webm", "web_av1"), hdr10_stream());
  CAF_CHECK_EQUAL(video.encoder, "libsvtav1");
  CAF_CHECK_EQUAL(size_of(video), "1920x1080");
  CAF_CHECK_EQUAL(video.pixel_format, "yuv420p10le");
  CAF_CHECK(video.keep_hdr);
  CAF_CHECK(
      contains(value_of(video.options, "svtav1-params"), "mastering-display="));
}

CAF_TEST(social is a fixed frame of square pixels) {
  auto [video, whole] = pictures(job_to("a.mp4", "social"), video_stream());
  CAF_CHECK_EQUAL(size_of(video), "1080x1920");
  CAF_CHECK((video.sample_aspect == rational{1, 1}));
  CAF_CHECK((kinds(video.steps) == kinds_t{blurred_background}));
  CAF_CHECK_EQUAL(video.steps.front().width, 1080u);
  CAF_CHECK_EQUAL(video.steps.front().height, 1920u);
}

CAF_TEST(social needs no background where the picture fills the frame) {
  auto spec = job_to("a.mp4", "social");
  CAF_CHECK(pictures(spec, video_stream(1080, 1920)).video.steps.empty());
  CAF_CHECK((kinds(pictures(spec, video_stream(2160, 3840)).video.steps)
             == kinds_t{scale}));
  auto phone = video_stream(1920, 1080);
  phone.turn = orientation::rotate_90;
  CAF_CHECK((kinds(pictures(spec, phone).video.steps) == kinds_t{orient}));
}

CAF_TEST(the frame of social can be another) {
  auto spec = job_to("a.mp4", "social");
  spec.what.width = 720;
  spec.what.height = 720;
  auto [video, whole] = pictures(spec, interlaced_stream());
  CAF_CHECK_EQUAL(size_of(video), "720x720");
  CAF_CHECK((kinds(video.steps) == kinds_t{deinterlace, blurred_background}));
}
