#define CAF_SUITE job_file

#include "nodes/job_file.hpp"

#include <fstream>

#include <caf/test/unit_test.hpp>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

/// The subject of a refusal with code usage.
std::string refused(std::string_view text) {
  auto jobs = parse_job_file("j", text);
  if (jobs)
    return "accepted";
  CAF_CHECK(jobs.error().code == ec::usage);
  return jobs.error().subject;
}

/// A job with these words in its operation.
std::string with_operation(std::string_view fields) {
  return R"({"input":"m:/a","output":"m:/b","operation":{)"
         + std::string{fields} + "}}";
}

} // namespace

CAF_TEST(every field finds its place) {
  auto jobs = parse_job_file("j", R"({
    "input": "m:/a.mkv", "output": "m:/b.mp4", "name": "n", "priority": 2,
    "replace": true, "stall_timeout": "2m", "timeout": 90, "key": "k",
    "operation": {"preset": "web", "codec": "vp9", "encoder": "libvpx-vp9",
      "crf": 31.5, "bitrate": "5M", "speed": "4", "width": 1280,
      "height": "720", "fps": "24000/1001", "audio_codec": "opus",
      "audio_bitrate": 96000, "container": "mkv", "segment": "off",
      "threads": 3, "renditions": ["720p", 480]}})");
  CAF_REQUIRE(jobs);
  CAF_REQUIRE_EQUAL(jobs->size(), 1u);
  job_spec expected;
  expected.name = "n";
  expected.input = "m:/a.mkv";
  expected.output = "m:/b.mp4";
  expected.priority = 2;
  expected.replace = true;
  expected.stall_timeout_s = 120;
  expected.timeout_s = 90;
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
  CAF_CHECK(jobs->front().spec == expected);
  CAF_CHECK_EQUAL(jobs->front().key, "k");
}

CAF_TEST(an array is several jobs) {
  auto jobs = parse_job_file("j", R"([{"input":"m:/a","output":"m:/b"},
                                      {"input":"m:/c","output":"m:/d"}])");
  CAF_REQUIRE(jobs);
  CAF_REQUIRE_EQUAL(jobs->size(), 2u);
  CAF_CHECK_EQUAL((*jobs)[1].spec.input, "m:/c");
  CAF_CHECK(!(*jobs)[1].spec.what.has_crf);
}

CAF_TEST(a field that is null was not said) {
  CAF_CHECK_EQUAL(refused(with_operation(R"("crf":null)")), "accepted");
}

CAF_TEST(unknown fields are refused with their path) {
  CAF_CHECK_EQUAL(refused(R"({"input":"a","output":"b","inptu":"c"})"),
                  "j: inptu");
  CAF_CHECK_EQUAL(refused(with_operation(R"("filter":"x")")),
                  "j: operation.filter");
  CAF_CHECK_EQUAL(refused(R"([{"input":"a","output":"b"},
                              {"input":"a","output":"b","x":1}])"),
                  "j: [1].x");
}

CAF_TEST(what is no quantity is refused with its path) {
  CAF_CHECK_EQUAL(refused(with_operation(R"("crf":"many")")),
                  "j: operation.crf");
  CAF_CHECK_EQUAL(refused(with_operation(R"("width":-1)")),
                  "j: operation.width");
  CAF_CHECK_EQUAL(refused(with_operation(R"("width":[1])")),
                  "j: operation.width");
  CAF_CHECK_EQUAL(refused(with_operation(R"("renditions":[480,"x"])")),
                  "j: operation.renditions[1]");
  CAF_CHECK_EQUAL(refused(with_operation(R"("renditions":480)")),
                  "j: operation.renditions");
  CAF_CHECK_EQUAL(refused(with_operation(R"("codec":1)")),
                  "j: operation.codec");
  CAF_CHECK_EQUAL(refused(R"({"input":"a","output":"b","replace":1})"),
                  "j: replace");
  CAF_CHECK_EQUAL(refused(R"({"input":"a","output":"b","priority":11})"),
                  "j: priority");
}

CAF_TEST(input and output are needed) {
  CAF_CHECK_EQUAL(refused(R"({"output":"b"})"), "j: input");
  CAF_CHECK_EQUAL(refused(R"({"input":"b"})"), "j: output");
}

CAF_TEST(what is no job file is refused) {
  for (auto text : {"", "{", "1", "[]", "[1]", R"("x")", "null"})
    CAF_CHECK(refused(text).starts_with("j"));
  CAF_CHECK_EQUAL(refused(R"({"input":"a","output":"b","operation":1})"),
                  "j: operation");
  CAF_CHECK_EQUAL(refused(R"({"input":"a","output":"b","key":")"
                          + std::string(201, 'x') + "\"}"),
                  "j: key");
  CAF_CHECK_EQUAL(refused(std::string(most_job_file_bytes + 1, ' ')), "j");
  // Deep nesting must not exhaust the stack.
  CAF_CHECK_EQUAL(refused(std::string(1'000'000, '[')), "j");
}

CAF_TEST(a number that no double holds is refused) {
  CAF_CHECK_EQUAL(refused(with_operation(R"("crf":1e999)")), "j");
  CAF_CHECK_EQUAL(refused("[-1e999]"), "j");
  auto jobs = parse_job_file("j", "1e999");
  CAF_REQUIRE(!jobs);
  CAF_CHECK_EQUAL(jobs.error().cause, "a number in it is too large");
}

CAF_TEST(a file that is not there is no input) {
  test::temporary_folder folder;
  auto path = folder.path() + "/jobs.json";
  auto jobs = read_job_file(path);
  CAF_REQUIRE(!jobs);
  CAF_CHECK(jobs.error().code == ec::no_input);
  CAF_CHECK_EQUAL(jobs.error().cause, "No such file or directory");
  CAF_CHECK(!read_job_file(folder.path()));
  std::ofstream{path} << R"({"input":"m:/a","output":"m:/b"})";
  CAF_CHECK(read_job_file(path));
}
