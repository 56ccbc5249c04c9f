#define CAF_SUITE verification

#include "encode/verification.hpp"

#include <functional>
#include <limits>

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

/// A plan and the report of a session that did it well.
struct finished {
  encode_plan plan;
  encode_report report;

  stream_tally& before(size_t i) { return report.source[i]; }
  stream_tally& after(size_t i) { return report.outputs[0].streams[i]; }
};

std::string codec_after(const stream_plan& plan, const stream_info& source) {
  if (plan.action == stream_action::copy)
    return source.codec;
  if (plan.kind == stream_kind::subtitle)
    return plan.subtitle_encoder;
  if (plan.kind == stream_kind::audio)
    return plan.audio.encoder == "libopus"      ? "opus"
           : plan.audio.encoder == "libmp3lame" ? "mp3"
                                                : plan.audio.encoder;
  return plan.video.encoder == "libx264" ? "h264" : plan.video.encoder;
}

finished encode_well(const job_spec& spec,
                     const std::vector<stream_info>& streams) {
  auto made = plan(spec, streams);
  CAF_REQUIRE(static_cast<bool>(made));
  finished result;
  result.plan = *made;
  auto media = media_of(streams);
  output_report output;
  output.size_bytes = 1000;
  for (const auto& stream : result.plan.outputs.front().streams) {
    auto& source = media.streams[stream.source];
    stream_tally before;
    before.index = before.source = stream.source;
    before.kind = stream.kind;
    before.codec = source.codec;
    before.packets = before.frames = 250;
    before.timed = true;
    before.last_s = 10;
    auto after = before;
    after.index = static_cast<uint32_t>(output.streams.size());
    after.codec = codec_after(stream, source);
    result.report.source.push_back(before);
    output.streams.push_back(after);
  }
  result.report.outputs.push_back(output);
  return result;
}

finished film() {
  return encode_well(job_to("a.mp4", "standard"),
                     {video_stream(), audio_stream("mp3")});
}

failure failed(const finished& x) {
  auto result = verify(x.plan, x.report);
  return result ? failure{} : result.error();
}

void is_wrong(finished x, const std::function<void(finished&)>& spoil,
              const std::string& part) {
  spoil(x);
  auto error = failed(x);
  CAF_CHECK(error.code == ec::verification_failed);
  CAF_CHECK(contains(error.cause, part));
  CAF_MESSAGE(to_string(error));
}

void is_fine(finished x, const std::function<void(finished&)>& make_odd) {
  make_odd(x);
  CAF_CHECK_EQUAL(problem(failed(x)), "");
}

} // namespace

CAF_TEST(a good result is fine and needs no warning) {
  auto x = film();
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(result->empty());
}

CAF_TEST(frames that are missing or too many are found) {
  is_wrong(
      film(), [](auto& x) { x.after(0).frames = 249; },
      "250 frames became 249");
  is_wrong(
      film(), [](auto& x) { x.after(0).frames = 251; },
      "250 frames became 251");
}

CAF_TEST(another frame rate has another count) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.fps = {10, 1};
  is_fine(encode_well(spec, {video_stream()}),
          [](auto& x) { x.after(0).frames = x.after(0).packets = 100; });
  is_fine(encode_well(job_to("a.gif"), {video_stream()}),
          [](auto& x) { x.after(0).frames = 200; });
}

CAF_TEST(streams that are missing or empty or other are found) {
  is_wrong(
      film(), [](auto& x) { x.report.outputs[0].streams.pop_back(); },
      "audio stream 1 (mp3) is missing");
  is_wrong(
      film(), [](auto& x) { x.after(1).packets = 0; }, "is empty");
  is_wrong(
      film(), [](auto& x) { x.after(1).codec = "mp2"; },
      "came out as mp2 instead of aac");
  is_wrong(
      film(), [](auto& x) { x.report.outputs[0].size_bytes = 0; },
      "the file is empty");
}

CAF_TEST(a stream that held nothing may be missing) {
  is_fine(film(), [](auto& x) {
    x.before(1).packets = x.before(1).frames = 0;
    x.before(1).timed = false;
    x.report.outputs[0].streams.pop_back();
  });
}

CAF_TEST(sound of which nothing decodes is warned of) {
  auto x = film();
  x.before(1).frames = 0;
  x.before(1).errors = 250;
  x.report.outputs[0].streams.pop_back();
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(has_line(*result, "nothing of it could be decoded"));
}

CAF_TEST(pictures of which nothing decodes are bad input) {
  auto x = film();
  x.before(0).frames = 0;
  x.before(0).errors = 250;
  auto error = failed(x);
  CAF_CHECK(error.code == ec::bad_input);
  CAF_CHECK(contains(error.cause, "250 packets"));
}

CAF_TEST(an input without a single packet is bad) {
  auto x = encode_well(job_to("a.m4a"), {audio_stream()});
  x.before(0).packets = x.before(0).frames = 0;
  x.after(0).packets = x.after(0).frames = 0;
  CAF_CHECK(failed(x).code == ec::bad_input);
}

CAF_TEST(damage in the source is a warning with numbers) {
  auto x = film();
  x.before(0).errors = 7;
  // Times of a damaged source are guesses.
  x.after(1).last_s = 9.5;
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(has_line(*result, "7 of 250 packets could not be decoded"));
  CAF_CHECK(has_line(*result, "lasts 9.500 s instead of 10.000 s"));
}

CAF_TEST(a result of another length is found) {
  is_wrong(
      film(), [](auto& x) { x.after(0).last_s = 9.8; },
      "lasts 9.800 s instead of 10.000 s");
  is_wrong(
      film(), [](auto& x) { x.after(1).last_s = 10.3; }, "audio stream 1");
  is_wrong(
      film(),
      [](auto& x) {
        x.after(0).last_s = std::numeric_limits<double>::quiet_NaN();
      },
      "lasts");
}

CAF_TEST(lengths differ by what containers cannot say) {
  is_fine(film(), [](auto& x) { x.after(0).last_s = 9.96; });
  is_fine(film(), [](auto& x) { x.after(1).last_s = 10.04; });
}

CAF_TEST(the last picture of a variable rate may be shown for less) {
  auto stream = video_stream();
  stream.constant_rate = false;
  auto x = encode_well(job_to("a.mkv"), {stream});
  is_fine(x, [](auto& y) { y.after(0).last_s = 9.2; });
  is_wrong(
      x, [](auto& y) { y.after(0).last_s = 12; }, "lasts 12.000 s");
  x.after(0).last_s = 7;
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(has_line(*result, "lasts 7.000 s instead of 10.000 s"));
}

CAF_TEST(copied packets may lie about their length) {
  auto x =
      encode_well(job_to("a.mkv"), {video_stream(), audio_stream("vorbis")});
  x.before(1).last_s = 97391.5;
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(has_line(*result, "instead of 97391.500 s"));
  is_wrong(
      x, [](auto& y) { y.after(1).first_s += 0.2; },
      "begins 0.200 s off the picture");
}

CAF_TEST(copied sound of long packets may end a packet early) {
  auto x = encode_well(job_to("a.mkv"), {audio_stream("aac")});
  x.before(0).packets = x.after(0).packets = 25;
  x.before(0).last_s = 3.2;
  x.after(0).last_s = 3.072;
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(result->empty());
}

CAF_TEST(sound that moved against the picture is found) {
  auto shift = [](double by) {
    return [by](finished& x) {
      x.after(1).first_s += by;
      x.after(1).last_s += by;
    };
  };
  is_wrong(film(), shift(0.2), "begins 0.200 s off the picture");
  is_wrong(film(), shift(-0.2), "off the picture");
  is_fine(film(), shift(0.02));
  // Sound that begins late in the source does so in the result.
  is_fine(film(),
          [](auto& x) { x.before(1).first_s = x.after(1).first_s = 3; });
}

CAF_TEST(sound that drifts is found at its end) {
  auto x = film();
  x.after(0).last_s = 10.04;
  x.after(1).last_s = 9.85;
  CAF_CHECK(failed(x).code == ec::verification_failed);
}

CAF_TEST(a result that starts elsewhere as a whole is fine) {
  is_fine(film(), [](auto& x) {
    for (auto& tally : x.report.outputs[0].streams) {
      tally.first_s += 1.4;
      tally.last_s += 1.4;
    }
  });
}

CAF_TEST(odd but fine sources pass) {
  // Sound shorter than the picture.
  is_fine(film(), [](auto& x) { x.before(1).last_s = x.after(1).last_s = 2; });
  // A single picture.
  is_fine(film(), [](auto& x) {
    for (auto tally : {&x.before(0), &x.after(0)}) {
      tally->frames = tally->packets = 1;
      tally->last_s = 0.04;
    }
  });
  // One picture a second, the last of which the container forgot.
  auto slow = video_stream();
  slow.frame_rate = {1, 1};
  is_fine(encode_well(job_to("a.mkv"), {slow}), [](auto& x) {
    for (auto tally : {&x.before(0), &x.after(0)})
      tally->frames = tally->packets = 10;
    x.after(0).last_s = 9;
  });
  // Text without times.
  is_fine(encode_well(job_to("a.mp4"), {subtitle_stream("subrip")}),
          [](auto& x) {
            x.before(0).timed = x.after(0).timed = false;
            x.after(0).packets = 0;
          });
}

CAF_TEST(languages that got lost are found) {
  is_wrong(
      film(), [](auto& x) { x.before(1).language = "deu"; },
      "language deu came out as");
  is_wrong(
      film(),
      [](auto& x) {
        x.before(1).language = "deu";
        x.after(1).language = "eng";
      },
      "language deu");
}

CAF_TEST(languages that mean the same or nothing are fine) {
  is_fine(film(), [](auto& y) {
    y.before(1).language = "ger";
    y.after(1).language = "deu";
  });
  for (auto word : {"und", "en", "en-US", "", "German"})
    is_fine(film(), [=](auto& y) { y.before(1).language = word; });
  // QuickTime knows few.
  auto x = encode_well(job_to("a.mov"), {video_stream(), audio_stream()});
  x.before(1).language = "fre";
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(has_line(*result, "language fre"));
  // Transport streams keep them as well as they can.
  is_fine(encode_well(job_to("a.ts"), {video_stream(), audio_stream()}),
          [](auto& y) { y.before(1).language = "deu"; });
}

CAF_TEST(promised chapters must be there) {
  auto x = film();
  x.plan.outputs[0].chapters = true;
  is_wrong(
      x, [](auto&) {}, "chapters");
  is_fine(x, [](auto& y) { y.report.outputs[0].chapters = 1; });
}

CAF_TEST(promised attachments must be there) {
  auto x = encode_well(job_to("a.mkv"),
                       {video_stream(), attachment_stream(), cover_stream()});
  // As a reader of the file finds them: a font, and a cover as a picture.
  x.report.outputs[0].attachments = 1;
  x.after(1).kind = stream_kind::video;
  x.after(2).kind = stream_kind::attachment;
  x.report.source.resize(1);
  is_fine(x, [](auto&) {});
  is_wrong(
      x, [](auto& y) { y.report.outputs[0].attachments = 0; },
      "of 2 attachments 1");
  is_wrong(
      x,
      [](auto& y) {
        y.report.outputs[0].streams.erase(y.report.outputs[0].streams.begin()
                                          + 1);
      },
      "of 2 attachments 1");
}

CAF_TEST(copied pictures before the first key frame are not missed) {
  auto spec = job_to("a.mkv");
  spec.what.codec = "copy";
  auto x = encode_well(spec, {video_stream()});
  x.after(0).packets = x.after(0).frames = 240;
  auto result = verify(x.plan, x.report);
  CAF_REQUIRE(static_cast<bool>(result));
  CAF_CHECK(has_line(*result, "240 of 250 pictures"));
}

CAF_TEST(a copy may begin with pictures that cannot be shown) {
  auto spec = job_to("a.mp4");
  spec.what.codec = "copy";
  auto x = encode_well(spec, {video_stream(), audio_stream()});
  x.before(0).frames = 0; // nothing was decoded
  x.before(0).first_s = 0.5;
  x.after(0).first_s = 0.6;
  x.after(0).frames = 247;
  is_fine(x, [](auto&) {});
  is_wrong(
      x, [](auto& y) { y.after(0).first_s = 0.9; }, "off the picture");
}

CAF_TEST(every output of a ladder is checked) {
  auto spec = job_to("a_{height}.mp4");
  spec.what.renditions = {{1080}, {720}};
  auto x = encode_well(spec, {video_stream()});
  CAF_CHECK(failed(x).code == ec::verification_failed); // one file of two
  x.report.outputs.push_back(x.report.outputs.front());
  CAF_CHECK_EQUAL(problem(failed(x)), "");
  x.report.outputs[1].streams[0].frames = 1;
  CAF_CHECK(contains(failed(x).cause, "became 1"));
}
