#define CAF_SUITE picture

#include "encode/picture.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

using kinds_t = std::vector<filter_kind>;
using enum filter_kind;

struct result {
  video_encode video;
  encode_plan whole;
};

/// The first output's pictures; a failed plan fails the test.
result pictures(const job_spec& spec, const stream_info& stream,
                uint32_t threads = 4) {
  auto made = plan(spec, {stream}, threads);
  if (!made) {
    CAF_ERROR(to_string(made.error()));
    return {};
  }
  return {made->outputs.front().streams.front().video, *made};
}

failure refused(const job_spec& spec, const stream_info& stream) {
  auto made = plan(spec, {stream});
  return made ? failure{} : made.error();
}

job_spec with_codec(const std::string& output, const std::string& codec) {
  auto result = job_to(output);
  result.what.codec = codec;
  return result;
}

job_spec with_encoder(const std::string& output, const std::string& encoder) {
  auto result = job_to(output);
  result.what.encoder = encoder;
  return result;
}

std::string size_of(const video_encode& x) {
  return std::to_string(x.width) + "x" + std::to_string(x.height);
}

stream_info interlaced_stream() {
  auto stream = video_stream(1440, 1080);
  stream.sample_aspect = {4, 3};
  stream.field_order = "tff";
  return stream;
}

} // namespace

// -- presets ------------------------------------------------------------------

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
