#define CAF_SUITE job_options

#include "nodes/job_options.hpp"

#include <utility>
#include <vector>

#include <caf/test/unit_test.hpp>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

using namespace troupe;

namespace {

using words = std::vector<std::string>;

/// Types the words behind a verb that takes a job.
outcome<job_spec> typed(words arguments) {
  CLI::App app;
  job_options options;
  add_job_options(app, options);
  // CLI11 takes them from the back.
  app.parse(words{arguments.rbegin(), arguments.rend()});
  return read_job(options, "in.mkv");
}

job_spec accepted(words arguments) {
  auto spec = typed(std::move(arguments));
  CAF_REQUIRE(spec);
  return *spec;
}

/// The option that a refusal of these words is about.
std::string refused(words arguments) {
  arguments.insert(arguments.end(), {"-o", "out.mp4"});
  auto spec = typed(std::move(arguments));
  if (spec)
    return "";
  CAF_CHECK(spec.error().code == ec::usage);
  CAF_CHECK(spec.error().advice.starts_with("allowed "));
  return spec.error().subject;
}

} // namespace

CAF_TEST(input and output are all that a job needs) {
  auto spec = accepted({"-o", "out.mp4"});
  job_spec expected;
  expected.input = "in.mkv";
  expected.output = "out.mp4";
  CAF_CHECK(spec == expected);
}

CAF_TEST(every option finds its field) {
  auto spec = accepted({"--output",   "o.mkv",
                        "--name",     "n",
                        "--priority", "2",
                        "--replace",  "--stall-timeout",
                        "2m",         "--timeout",
                        "1h",         "--preset",
                        "web",        "--container",
                        "mkv",        "--segment",
                        "off",        "--threads",
                        "3",          "--codec",
                        "vp9",        "--encoder",
                        "libvpx-vp9", "--crf",
                        "31.5",       "--bitrate",
                        "5M",         "--speed",
                        "4",          "--width",
                        "1280",       "--height",
                        "720",        "--fps",
                        "23.976",     "--rendition",
                        "720p",       "--rendition",
                        "480",        "--audio-codec",
                        "opus",       "--audio-bitrate",
                        "96k"});
  job_spec expected;
  expected.name = "n";
  expected.input = "in.mkv";
  expected.output = "o.mkv";
  expected.priority = 2;
  expected.replace = true;
  expected.stall_timeout_s = 120;
  expected.timeout_s = 3600;
  auto& what = expected.what;
  what.preset = "web";
  what.codec = "vp9";
  what.encoder = "libvpx-vp9";
  what.has_crf = true;
  what.crf = 31.5;
  what.bit_rate = 5'000'000;
  what.speed = "4";
  what.width = 1280;
  what.height = 720;
  what.fps = {24000, 1001};
  what.audio_codec = "opus";
  what.audio_bit_rate = 96'000;
  what.container = "mkv";
  what.segment = "off";
  what.threads = 3;
  what.renditions = {{720}, {480}};
  CAF_CHECK(spec == expected);
}

CAF_TEST(the help of presets names the verb that lists them) {
  CLI::App app;
  job_options options;
  add_job_options(app, options);
  CAF_CHECK(app.get_option("--preset")
                ->get_description()
                .find("troupe encode --list-presets")
            != std::string::npos);
}

CAF_TEST(a quality of zero is a quality) {
  auto spec = accepted({"-o", "o", "--crf", "0"});
  CAF_CHECK(spec.what.has_crf);
  CAF_CHECK_EQUAL(spec.what.crf, 0);
}

CAF_TEST(an output is needed) {
  for (const auto& arguments : {words{}, words{"-o", ""}}) {
    auto spec = typed(arguments);
    CAF_REQUIRE(!spec);
    CAF_CHECK(spec.error().code == ec::usage);
    CAF_CHECK_EQUAL(spec.error().subject, "--output");
  }
}

CAF_TEST(what is no number is refused by the name of its option) {
  for (auto option : {"--crf", "--bitrate", "--width", "--height", "--fps",
                      "--rendition", "--audio-bitrate", "--threads",
                      "--priority", "--stall-timeout", "--timeout"})
    for (auto value : {"", "12abc", "many", "-", "1 2", "0x10"})
      CAF_CHECK_EQUAL(refused({option, value}), option);
}

CAF_TEST(what is out of range is refused) {
  using pair = std::pair<const char*, const char*>;
  for (auto [option, value] :
       {pair{"--priority", "0"}, pair{"--priority", "11"}, pair{"--width", "0"},
        pair{"--height", "16385"}, pair{"--threads", "0"},
        pair{"--threads", "1025"}, pair{"--fps", "0"}, pair{"--bitrate", "0"},
        pair{"--audio-bitrate", "-1"}, pair{"--timeout", "-1"},
        pair{"--rendition", "15"}})
    CAF_CHECK_EQUAL(refused({option, value}), option);
}

CAF_TEST(there is a limit to renditions) {
  words many;
  for (int i = 0; i < 17; ++i)
    many.insert(many.end(), {"--rendition", std::to_string(100 + i)});
  CAF_CHECK_EQUAL(refused(many), "--rendition");
}

CAF_TEST(what no option takes is an error of the command line) {
  auto refused_by_parser = [](words arguments) {
    try {
      return !typed(std::move(arguments));
    } catch (const CLI::ParseError&) {
      return true;
    }
  };
  CAF_CHECK(refused_by_parser({"-o", "a", "-o", "b"}));
  CAF_CHECK(refused_by_parser({"-o", "a", "--crf"}));
  CAF_CHECK(refused_by_parser({"-o", "a", "--no-such-option"}));
  CAF_CHECK(refused_by_parser({"-o", "a", "b"}));
}

CAF_TEST(a sketch of a job keeps the words of its options) {
  job_options options;
  options.output = "o.mp4";
  options.preset = "web";
  options.crf = "12abc";
  CAF_CHECK(!read_job(options, "i.mkv"));
  auto sketch = sketch_job(options, "i.mkv");
  CAF_CHECK_EQUAL(sketch.input, "i.mkv");
  CAF_CHECK_EQUAL(sketch.output, "o.mp4");
  CAF_CHECK_EQUAL(sketch.what.preset, "web");
}
