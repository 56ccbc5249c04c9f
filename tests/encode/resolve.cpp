#define CAF_SUITE resolve

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

CAF_TEST(a preset fills in what the user left open) {
  auto what = resolve(job_to("a.mp4", "standard"));
  CAF_CHECK_EQUAL(what.codec, "h264");
  CAF_CHECK_EQUAL(what.container, "mp4");
  CAF_CHECK_EQUAL(what.audio_codec, "aac");
  CAF_CHECK(what.has_crf);
  CAF_CHECK_EQUAL(what.crf, 21.0);
  CAF_CHECK_EQUAL(what.speed, "medium");
}

CAF_TEST(the user overrides every field of a preset) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.codec = "hevc";
  spec.what.container = "mkv";
  spec.what.audio_codec = "flac";
  spec.what.bit_rate = 1'000'000;
  spec.what.speed = "fast";
  auto what = resolve(spec);
  CAF_CHECK(what.codec == "hevc" && what.container == "mkv"
            && what.audio_codec == "flac" && what.speed == "fast");
  CAF_CHECK(!what.has_crf);
}

CAF_TEST(the explicit container goes before the extension before the preset) {
  auto spec = job_to("a.mp4", "web");
  CAF_CHECK_EQUAL(resolve(spec).container, "mp4");
  spec.what.container = "mkv";
  CAF_CHECK_EQUAL(resolve(spec).container, "mkv");
  spec = job_to("film", "web");
  CAF_CHECK_EQUAL(resolve(spec).container, "webm");
}

CAF_TEST(a presets quality is for its own codec and encoder only) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.codec = "hevc";
  CAF_CHECK(!resolve(spec).has_crf);
  CAF_CHECK_EQUAL(resolve(spec).speed, "");
  spec = job_to("a.mkv", "web_av1");
  spec.what.encoder = "librav1e";
  CAF_CHECK(!resolve(spec).has_crf);
  spec.what.encoder = "libsvtav1";
  CAF_CHECK(resolve(spec).has_crf);
}

CAF_TEST(a presets sound gives way where the container cannot hold it) {
  auto spec = job_to("a.webm", "standard");
  spec.what.codec = "vp9";
  CAF_CHECK_EQUAL(resolve(spec).audio_codec, "");
}

CAF_TEST(an encoder names its codec) {
  auto spec = job_to("a.mp4", "standard");
  spec.what.encoder = "libx265";
  CAF_CHECK_EQUAL(resolve(spec).codec, "hevc");
}

CAF_TEST(without a preset the container calls for a codec) {
  const std::pair<const char*, const char*> expected[] = {
      {"a.mp4", "h264"}, {"a.mov", "h264"}, {"a.mkv", "h264"},
      {"a.webm", "vp9"}, {"a.ts", "h264"},  {"a.gif", "gif"},
      {"a.m4a", "none"}, {"a.mp3", "none"}, {"a.wav", "none"}};
  for (auto [output, codec] : expected)
    CAF_CHECK_EQUAL(resolve(job_to(output)).codec, codec);
}

CAF_TEST(the size and the audio rate stay the users) {
  auto what = resolve(job_to("a.mp4", "standard"));
  CAF_CHECK_EQUAL(what.width, 0u);
  CAF_CHECK_EQUAL(what.height, 0u);
  CAF_CHECK_EQUAL(what.audio_bit_rate, 0);
}

CAF_TEST(candidates are the encoders of the codec without hardware) {
  std::vector<std::string> av1{"libsvtav1", "libaom-av1", "librav1e"};
  auto spec = job_to("a.mkv");
  spec.what.codec = "av1";
  CAF_CHECK(candidate_encoders(spec) == av1);
  CAF_CHECK(candidate_encoders(job_to("a.mp4"))
            == std::vector<std::string>{"libx264"});
  spec.what.encoder = "h264_nvenc";
  CAF_CHECK(candidate_encoders(spec) == std::vector<std::string>{"h264_nvenc"});
}

CAF_TEST(candidates know the words that the user gave) {
  auto spec = job_to("a.mkv");
  spec.what.codec = "av1";
  spec.what.speed = "12";
  CAF_CHECK(candidate_encoders(spec) == std::vector<std::string>{"libsvtav1"});
  spec.what.speed = "";
  spec.what.has_crf = true;
  spec.what.crf = 30;
  // rav1e counts to 255.
  CAF_CHECK((candidate_encoders(spec)
             == std::vector<std::string>{"libsvtav1", "libaom-av1"}));
}

CAF_TEST(jobs without an encoded picture need no encoder) {
  auto spec = job_to("a.mkv");
  spec.what.codec = "copy";
  CAF_CHECK(candidate_encoders(spec).empty());
  spec.what.codec = "none";
  CAF_CHECK(candidate_encoders(spec).empty());
  CAF_CHECK(candidate_encoders(job_to("a.mp3")).empty());
}

CAF_TEST(every rendition has a path of its own) {
  auto spec = job_to("out/{height}/a_{height}.mp4");
  spec.what.renditions = {{1080}, {480}};
  std::vector<std::string> expected{"out/1080/a_1080.mp4", "out/480/a_480.mp4"};
  CAF_CHECK(output_paths(spec) == expected);
  CAF_CHECK(output_paths(job_to("a.mp4")) == std::vector<std::string>{"a.mp4"});
}
