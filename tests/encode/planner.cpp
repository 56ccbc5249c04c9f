#define CAF_SUITE planner

#include "encode/planner.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

using kinds_t = std::vector<filter_kind>;

failure refused(const job_spec& spec, const std::vector<stream_info>& streams) {
  auto made = plan(spec, streams);
  return made ? failure{} : made.error();
}

job_spec copy_to(const std::string& output) {
  auto result = job_to(output);
  result.what.codec = "copy";
  return result;
}

job_spec ladder_to(const std::string& output) {
  auto result = job_to(output);
  result.what.renditions = {{1080}, {720}, {480}};
  return result;
}

} // namespace

CAF_TEST(a plan names container and muxer and how it starts at once) {
  auto made = plan(job_to("a.mkv"), {video_stream(), audio_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_REQUIRE_EQUAL(made->outputs.size(), 1u);
  CAF_CHECK_EQUAL(made->outputs.front().container, "mkv");
  CAF_CHECK_EQUAL(made->outputs.front().muxer, "matroska");
  CAF_CHECK_EQUAL(made->outputs.front().width, 1920u);
  CAF_CHECK_EQUAL(made->outputs.front().height, 1080u);
  CAF_CHECK_EQUAL(made->duration_s, 10.0);
  auto mp4 = plan(job_to("a.mp4"), {video_stream()});
  CAF_REQUIRE(static_cast<bool>(mp4));
  CAF_CHECK_EQUAL(value_of(mp4->outputs.front().options, "movflags"),
                  "+faststart");
}

CAF_TEST(a length of segments is accepted and without effect so far) {
  auto job = job_to("a.mkv");
  job.what.segment = "auto";
  CAF_CHECK(plan(job, {video_stream()})->warnings.empty());
  job.what.segment = "10";
  auto made = plan(job, {video_stream()});
  CAF_REQUIRE_EQUAL(made->warnings.size(), 1u);
  CAF_CHECK(made->warnings[0].starts_with("--segment 10"));
}

CAF_TEST(one picture track is kept and the others are listed) {
  auto second = video_stream(640, 360);
  second.tags = {{"language", "eng"}};
  auto made = plan(job_to("a.mp4"), {video_stream(), second});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK_EQUAL(made->outputs.front().streams.size(), 1u);
  CAF_CHECK(has_line(made->dropped, "video stream 1 (h264, eng)"));
}

CAF_TEST(sound alone goes into a picture container as sound alone) {
  auto made =
      plan(job_to("a.mp4", "standard"), {audio_stream("mp3"), cover_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  auto& output = made->outputs.front();
  CAF_REQUIRE_EQUAL(output.streams.size(), 2u);
  CAF_CHECK(output.streams[0].kind == stream_kind::audio);
  CAF_CHECK(output.streams[1].action == stream_action::copy);
  CAF_CHECK_EQUAL(output.width, 0u);
}

CAF_TEST(a sound container lists the picture that it does not get) {
  auto made = plan(job_to("a.m4a"), {video_stream(), audio_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK_EQUAL(made->outputs.front().streams.size(), 1u);
  CAF_CHECK(
      has_line(made->dropped, "video stream 0 (h264): m4a holds no pictures"));
  auto asked = job_to("a.m4a");
  asked.what.codec = "none";
  made = plan(asked, {video_stream(), audio_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK(made->dropped.empty());
}

CAF_TEST(text alone is enough) {
  auto made = plan(job_to("a.mp4"), {subtitle_stream("subrip")});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK_EQUAL(made->outputs.front().streams.size(), 1u);
}

CAF_TEST(an input without anything for the container is refused) {
  auto error = refused(job_to("a.mp3"), {video_stream()});
  CAF_CHECK(error.code == ec::impossible_job);
  CAF_CHECK(contains(error.cause, "mp3"));
  CAF_CHECK(contains(error.cause, "video stream 0"));
  CAF_CHECK(refused(job_to("a.gif"), {audio_stream()}).code
            == ec::impossible_job);
  CAF_CHECK(refused(job_to("a.ts"), {subtitle_stream("subrip")}).code
            == ec::impossible_job);
}

CAF_TEST(an input without media is bad) {
  CAF_CHECK(refused(job_to("a.mp4"), {}).code == ec::bad_input);
  CAF_CHECK(refused(job_to("a.mkv"), {attachment_stream()}).code
            == ec::bad_input);
  CAF_CHECK(refused(job_to("a.mp4"), {cover_stream()}).code == ec::bad_input);
  auto mute = audio_stream("wmavoice");
  mute.decodable = false;
  CAF_CHECK(refused(job_to("a.mp4"), {mute}).code == ec::bad_input);
}

CAF_TEST(pictures that cannot be decoded are not passed over in silence) {
  auto broken = video_stream();
  broken.decodable = false;
  auto error = refused(job_to("a.mp4"), {broken, audio_stream()});
  CAF_CHECK(error.code == ec::bad_input);
  CAF_CHECK(contains(error.advice, "--codec none"));
  auto flat = video_stream(0, 1080);
  CAF_CHECK(refused(job_to("a.mp4"), {flat}).code == ec::bad_input);
  CAF_CHECK(static_cast<bool>(plan(copy_to("a.mp4"), {broken})));
}

CAF_TEST(without a working encoder a job that needs one fails) {
  auto made = make_plan(job_to("a.mp4"), media_of({video_stream()}), {});
  CAF_REQUIRE(!made);
  CAF_CHECK(made.error().code == ec::encoder_unavailable);
  CAF_CHECK(static_cast<bool>(
      make_plan(job_to("a.m4a"), media_of({audio_stream()}), {})));
}

CAF_TEST(a copied picture goes where its codec is held) {
  auto made = plan(copy_to("a.mkv"), {video_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK(made->outputs.front().streams.front().action
            == stream_action::copy);
  CAF_CHECK_EQUAL(made->outputs.front().width, 1920u);
  auto error = refused(copy_to("a.webm"), {video_stream()});
  CAF_CHECK(error.code == ec::impossible_job);
  CAF_CHECK(contains(error.advice, "mp4"));
  auto odd = video_stream();
  odd.codec = "indeo5";
  CAF_CHECK(contains(refused(copy_to("a.mp4"), {odd}).advice, "encode it"));
}

CAF_TEST(a copied picture keeps its orientation or is refused) {
  auto stream = video_stream();
  stream.turn = orientation::rotate_90;
  CAF_CHECK(static_cast<bool>(plan(copy_to("a.mp4"), {stream})));
  auto error = refused(copy_to("a.mkv"), {stream});
  CAF_CHECK(error.code == ec::impossible_job);
  CAF_CHECK(contains(error.advice, "mov"));
}

CAF_TEST(chapters are promised only where they can be kept) {
  auto media = media_of({video_stream()});
  media.chapters = {{0, 5, {}}, {5, 10, {}}};
  planning_context context;
  context.encoder.name = "libx264";
  auto kept = make_plan(job_to("a.mp4"), media, context);
  CAF_REQUIRE(static_cast<bool>(kept));
  CAF_CHECK(kept->outputs.front().chapters);
  auto lost = make_plan(job_to("a.ts"), media, context);
  CAF_REQUIRE(static_cast<bool>(lost));
  CAF_CHECK(!lost->outputs.front().chapters);
  CAF_CHECK(has_line(lost->dropped, "chapters (2)"));
  media.chapters.clear();
  auto none = make_plan(job_to("a.mp4"), media, context);
  CAF_REQUIRE(static_cast<bool>(none));
  CAF_CHECK(!none->outputs.front().chapters);
}

CAF_TEST(what libav said while opening is passed on) {
  auto media = media_of({video_stream()});
  media.warnings = {"moov is damaged"};
  planning_context context;
  context.encoder.name = "libx264";
  auto made = make_plan(job_to("a.mp4"), media, context);
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK(has_line(made->warnings, "moov is damaged"));
}

// -- renditions ---------------------------------------------------------------

CAF_TEST(a ladder does the common work once) {
  auto stream = hdr10_stream();
  stream.turn = orientation::rotate_90;
  auto spec = ladder_to("a_{height}.mp4");
  spec.what.preset = "standard";
  spec.what.fps = {30, 1};
  auto made = plan(spec, {stream, audio_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  using enum filter_kind;
  CAF_CHECK(
      (kinds(made->common_steps) == kinds_t{orient, frame_rate, tone_map}));
  CAF_REQUIRE_EQUAL(made->outputs.size(), 3u);
  const std::pair<uint32_t, uint32_t> sizes[] = {
      {1080, 1920}, {720, 1280}, {480, 854}};
  for (uint32_t i = 0; i < 3; ++i) {
    auto& output = made->outputs[i];
    CAF_CHECK_EQUAL(output.rendition, i);
    CAF_CHECK_EQUAL(output.width, sizes[i].first);
    CAF_CHECK_EQUAL(output.height, sizes[i].second);
    CAF_CHECK((kinds(output.streams.front().video.steps) == kinds_t{scale}));
    CAF_CHECK_EQUAL(output.streams.size(), 2u);
  }
  // Losses are told once, not once per rendition.
  auto told = std::count_if(
      made->dropped.begin(), made->dropped.end(),
      [](const auto& line) { return contains(line, "tone-mapped"); });
  CAF_CHECK_EQUAL(told, 1);
}

CAF_TEST(
    renditions above the source are left out and the rest keep their names) {
  auto made = plan(ladder_to("a_{height}.mp4"), {video_stream(1280, 720)});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_REQUIRE_EQUAL(made->outputs.size(), 2u);
  CAF_CHECK_EQUAL(made->outputs[0].rendition, 1u);
  CAF_CHECK_EQUAL(made->outputs[1].rendition, 2u);
  CAF_CHECK(has_line(made->warnings, "1080p is left out"));
}

CAF_TEST(a source below every rendition is made once at its own size) {
  auto made = plan(ladder_to("a_{height}.mp4"), {video_stream(320, 240)});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_REQUIRE_EQUAL(made->outputs.size(), 1u);
  CAF_CHECK_EQUAL(made->outputs[0].rendition, 2u);
  CAF_CHECK_EQUAL(made->outputs[0].width, 320u);
  CAF_CHECK(made->common_steps.empty());
}

CAF_TEST(a ladder of sound alone is one file) {
  auto made = plan(ladder_to("a_{height}.mp4"), {audio_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK_EQUAL(made->outputs.size(), 1u);
}

// -- what must not break it ---------------------------------------------------

CAF_TEST(a media info full of nonsense gives a plan or an error) {
  auto stream = video_stream();
  stream.sample_aspect = {INT32_MAX, 1};
  stream.frame_rate = {INT32_MAX, 1};
  stream.base_frame_rate = {1, INT32_MAX};
  stream.time_base = {INT32_MAX, INT32_MAX};
  stream.start_s = std::numeric_limits<double>::infinity();
  stream.frames = INT64_MAX;
  stream.duration_s = 1e-300;
  stream.pixel_format = "no such format";
  stream.bit_depth = UINT32_MAX;
  for (auto output : {"a.mp4", "a.webm", "a.gif", "a.mov"})
    for (auto constant : {true, false}) {
      stream.constant_rate = constant;
      auto made = plan(job_to(output), {stream});
      CAF_CHECK(!made || made->outputs.size() == 1);
    }
  stream.width = stream.height = UINT32_MAX;
  CAF_CHECK(refused(job_to("a.mp4"), {stream}).code == ec::bad_input);
}
