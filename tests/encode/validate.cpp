#define CAF_SUITE validate

#include "encode/validate.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

using change = std::function<void(job_spec&)>;

failure refusal(const std::string& output, const change& make_odd) {
  auto spec = job_to(output);
  make_odd(spec);
  auto result = validate(spec);
  return result ? failure{} : result.error();
}

ec code_of(const std::string& output, const change& make_odd) {
  return refusal(output, make_odd).code;
}

void is_usage(const std::string& subject, const change& make_odd) {
  auto error = refusal("a.mp4", make_odd);
  CAF_CHECK(error.code == ec::usage);
  CAF_CHECK_EQUAL(error.subject, subject);
  CAF_CHECK(!error.cause.empty() && !error.advice.empty());
}

void is_fine(const std::string& output, const change& make_odd) {
  CAF_CHECK_EQUAL(problem(refusal(output, make_odd)), "");
}

const double nan = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();

} // namespace

CAF_TEST(a plain job is fine for every container) {
  for (auto output :
       {"a.mp4", "a.mov", "a.mkv", "a.webm", "a.ts", "a.m4a", "a.mka", "a.mp3",
        "a.flac", "a.ogg", "a.opus", "a.wav", "a.gif"})
    is_fine(output, [](job_spec&) {});
}

CAF_TEST(unknown words are refused with those that are known) {
  is_usage("--preset", [](auto& x) { x.what.preset = "best"; });
  is_usage("--codec", [](auto& x) { x.what.codec = "h266"; });
  is_usage("--encoder", [](auto& x) { x.what.encoder = "libx266"; });
  is_usage("--audio-codec", [](auto& x) { x.what.audio_codec = "speex"; });
  is_usage("--container", [](auto& x) { x.what.container = "avi"; });
  is_usage("--speed", [](auto& x) { x.what.speed = "warp"; });
  is_usage("--segment", [](auto& x) { x.what.segment = "often"; });
  auto error = refusal("a.mp4", [](auto& x) { x.what.codec = "h266"; });
  for (auto known : {"h264", "hevc", "vp9", "av1", "prores", "copy", "none"})
    CAF_CHECK(contains(error.advice, known));
}

CAF_TEST(an output that names no container is refused) {
  auto error = refusal("film", [](auto&) {});
  CAF_CHECK(error.code == ec::usage);
  CAF_CHECK(contains(error.advice, "mp4"));
  CAF_CHECK(code_of("film.avi", [](auto&) {}) == ec::usage);
  is_fine("film", [](auto& x) { x.what.container = "mkv"; });
  is_fine("film", [](auto& x) { x.what.preset = "web"; });
}

CAF_TEST(empty and foul texts are refused) {
  is_usage("input", [](auto& x) { x.input = ""; });
  is_usage("output", [](auto& x) { x.output = ""; });
  is_usage("output", [](auto& x) { x.output = "folder/"; });
  is_usage("input", [](auto& x) { x.input = std::string("a\0b", 3); });
  is_usage("output", [](auto& x) { x.output = std::string(4097, 'a'); });
  is_usage("name", [](auto& x) { x.name = std::string("\0", 1); });
  is_usage("--speed", [](auto& x) { x.what.speed = std::string(5000, '1'); });
}

CAF_TEST(numbers out of range are refused) {
  is_usage("--width", [](auto& x) { x.what.width = 16385; });
  is_usage("--height", [](auto& x) { x.what.height = 4'000'000'000; });
  is_usage("--threads", [](auto& x) { x.what.threads = 257; });
  is_usage("--priority", [](auto& x) { x.priority = 11; });
  is_usage("--bitrate", [](auto& x) { x.what.bit_rate = -1; });
  is_usage("--bitrate", [](auto& x) { x.what.bit_rate = 10; });
  is_usage("--audio-bitrate", [](auto& x) { x.what.audio_bit_rate = 100; });
  is_usage("--audio-bitrate", [](auto& x) {
    x.what.audio_bit_rate = std::numeric_limits<int64_t>::max();
  });
}

CAF_TEST(frame rates must be positive and below a thousand) {
  is_usage("--fps", [](auto& x) { x.what.fps = {1001, 1}; });
  is_usage("--fps", [](auto& x) { x.what.fps = {-25, 1}; });
  is_usage("--fps", [](auto& x) { x.what.fps = {25, 0}; });
  is_usage("--fps", [](auto& x) { x.what.fps = {25, -1}; });
  is_usage("--fps", [](auto& x) { x.what.fps = {0, 5}; });
  is_usage("--fps", [](auto& x) { x.what.fps = {1, 1'000'000}; });
  is_fine("a.mp4", [](auto& x) { x.what.fps = {30000, 1001}; });
}

CAF_TEST(a quality must be a number on the encoders scale) {
  for (auto crf : {-1.0, 52.0, nan, infinite, -infinite})
    is_usage("--crf", [=](auto& x) {
      x.what.has_crf = true;
      x.what.crf = crf;
    });
  is_fine("a.webm", [](auto& x) {
    x.what.has_crf = true;
    x.what.crf = 60;
  });
}

CAF_TEST(times must be numbers that pass) {
  for (auto seconds : {-1.0, nan, infinite})
    is_usage("--stall-timeout", [=](auto& x) { x.stall_timeout_s = seconds; });
  for (auto seconds : {-1.0, nan, infinite})
    is_usage("--timeout", [=](auto& x) { x.timeout_s = seconds; });
  is_fine("a.mp4", [](auto& x) { x.timeout_s = x.stall_timeout_s = 0; });
}

CAF_TEST(segments are auto or off or seconds) {
  for (auto text : {"auto", "off", "10", "2.5"})
    is_fine("a.mp4", [=](auto& x) { x.what.segment = text; });
  for (auto text : {"0", "-1", "10s", "nan", "inf", "1e9", " 5"})
    is_usage("--segment", [=](auto& x) { x.what.segment = text; });
}

CAF_TEST(quality and bit rate contradict each other) {
  is_usage("--crf", [](auto& x) {
    x.what.has_crf = true;
    x.what.crf = 20;
    x.what.bit_rate = 1'000'000;
  });
}

CAF_TEST(a copied picture cannot be changed) {
  const std::pair<const char*, change> options[] = {
      {"--crf", [](auto& x) { x.what.has_crf = true; }},
      {"--bitrate", [](auto& x) { x.what.bit_rate = 1'000'000; }},
      {"--speed", [](auto& x) { x.what.speed = "fast"; }},
      {"--width", [](auto& x) { x.what.width = 640; }},
      {"--height", [](auto& x) { x.what.height = 480; }},
      {"--fps",
       [](auto& x) {
         x.what.fps = {25, 1};
       }},
      {"--rendition", [](auto& x) { x.what.renditions = {{480}}; }},
      {"--encoder", [](auto& x) { x.what.encoder = "libx264"; }},
  };
  for (auto codec : {"copy", "none"})
    for (const auto& [subject, make_odd] : options)
      is_usage(subject, [&, &odd = make_odd](auto& x) {
        odd(x);
        x.what.codec = codec;
      });
}

CAF_TEST(codec and encoder must agree) {
  is_usage("--encoder", [](auto& x) {
    x.what.codec = "hevc";
    x.what.encoder = "libx264";
  });
  is_fine("a.mp4", [](auto& x) { x.what.encoder = "libx265"; });
}

CAF_TEST(an audio bit rate wants a codec that has one) {
  for (auto codec : {"copy", "none"})
    is_usage("--audio-bitrate", [=](auto& x) {
      x.what.audio_codec = codec;
      x.what.audio_bit_rate = 128'000;
    });
  CAF_CHECK(code_of("a.mkv",
                    [](auto& x) {
                      x.what.audio_codec = "flac";
                      x.what.audio_bit_rate = 128'000;
                    })
            == ec::usage);
}

CAF_TEST(impossible pairs are refused with what would work) {
  auto pair = [](const char* output, const char* codec) {
    auto error = refusal(output, [=](auto& x) { x.what.codec = codec; });
    CAF_CHECK(error.code == ec::impossible_job);
    return error.advice;
  };
  CAF_CHECK_EQUAL(pair("a.mov", "vp9"), "vp9 goes into mp4, mkv or webm; mov "
                                        "takes h264, hevc, prores, mpeg4 or "
                                        "gif");
  CAF_CHECK(contains(pair("a.mp4", "prores"), "mov or mkv"));
  CAF_CHECK(contains(pair("a.webm", "h264"), "webm takes vp9 or av1"));
  CAF_CHECK(contains(pair("a.mov", "av1"), "av1 goes into"));
  CAF_CHECK(contains(pair("a.ts", "mpeg4"), "ts takes"));
  CAF_CHECK(contains(pair("a.mp3", "h264"), "h264 goes into"));
  CAF_CHECK(contains(pair("a.gif", "h264"), "gif takes gif"));
}

CAF_TEST(impossible sound is refused with what would work) {
  auto pair = [](const char* output, const char* codec) {
    auto error = refusal(output, [=](auto& x) { x.what.audio_codec = codec; });
    CAF_CHECK(error.code == ec::impossible_job);
    return error.advice;
  };
  CAF_CHECK(contains(pair("a.mov", "opus"), "opus goes into"));
  CAF_CHECK(contains(pair("a.webm", "aac"), "webm takes opus or vorbis"));
  CAF_CHECK(contains(pair("a.mp4", "vorbis"), "vorbis goes into"));
  CAF_CHECK(contains(pair("a.mp4", "pcm"), "pcm goes into mov"));
  CAF_CHECK(contains(pair("a.wav", "aac"), "wav takes pcm"));
  CAF_CHECK(contains(pair("a.gif", "aac"), "aac goes into"));
}

CAF_TEST(a result of neither picture nor sound is refused) {
  auto nothing = [](auto& x) { x.what.codec = x.what.audio_codec = "none"; };
  CAF_CHECK(code_of("a.mp4", nothing) == ec::impossible_job);
  auto silent = [](auto& x) { x.what.audio_codec = "none"; };
  CAF_CHECK(code_of("a.mp3", silent) == ec::impossible_job);
  auto blind = [](auto& x) { x.what.codec = "none"; };
  CAF_CHECK(code_of("a.gif", blind) == ec::impossible_job);
  is_fine("a.mp4", silent);
  is_fine("a.mp4", blind);
}

CAF_TEST(a preset goes into another container that holds its codec) {
  is_fine("a.mkv", [](auto& x) { x.what.preset = "standard"; });
  is_fine("a.mp4", [](auto& x) { x.what.preset = "web"; });
  auto error = refusal("a.webm", [](auto& x) { x.what.preset = "standard"; });
  CAF_CHECK(error.code == ec::impossible_job);
  CAF_CHECK(code_of("a.mp3", [](auto& x) { x.what.preset = "standard"; })
            == ec::impossible_job);
}

CAF_TEST(renditions need names that tell them apart) {
  auto ladder = [](auto& x) { x.what.renditions = {{1080}, {720}}; };
  CAF_CHECK(contains(refusal("a.mp4", ladder).advice, "{height}"));
  is_fine("a_{height}.mp4", ladder);
  is_fine("a.mp4", [](auto& x) { x.what.renditions = {{720}}; });
  CAF_CHECK(code_of("a_{height}.mp4", [](auto&) {}) == ec::usage);
}

CAF_TEST(renditions must make sense together) {
  auto refused = [](const change& make_odd) {
    return code_of("a_{height}.mp4", make_odd) == ec::usage;
  };
  CAF_CHECK(refused([](auto& x) { x.what.renditions = {{720}, {720}}; }));
  CAF_CHECK(refused([](auto& x) { x.what.renditions = {{0}}; }));
  CAF_CHECK(refused([](auto& x) { x.what.renditions = {{20000}}; }));
  CAF_CHECK(refused([](auto& x) {
    for (uint32_t i = 0; i < 17; ++i)
      x.what.renditions.push_back({100 + i});
  }));
  CAF_CHECK(refused([](auto& x) {
    x.what.renditions = {{720}};
    x.what.width = 640;
  }));
  CAF_CHECK(refused([](auto& x) {
    x.what.renditions = {{720}};
    x.what.preset = "social";
  }));
}
