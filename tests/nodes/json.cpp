#define CAF_SUITE json

#include "nodes/json.hpp"

#include <limits>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

/// The names of an object's fields, in their order.
std::vector<std::string> fields(const troupe::json& object) {
  std::vector<std::string> result;
  for (const auto& item : object.items())
    result.push_back(item.key());
  return result;
}

using names = std::vector<std::string>;

job_report completed() {
  job_report report;
  report.id = make_job_id(0x01890a5dac96, 1, 2);
  report.spec.name = "film";
  report.spec.input = "in.mkv";
  report.spec.output = "out_{height}.mp4";
  report.spec.what.codec = "h264";
  report.spec.what.fps = {24000, 1001};
  report.spec.what.renditions = {{720}, {480}};
  report.state = job_state::completed;
  report.priority = 3;
  report.progress = 1;
  report.created_ms = 1'709'210'096'007;
  report.started_ms = 1'709'210'096'010;
  report.result.outputs = {{"out_720.mp4", 1000, "ab", 1280, 720},
                           {"out_480.mp4", 500, "cd", 854, 480}};
  report.result.frames = 250;
  report.result.dropped = {"subtitle"};
  report.tasks = {{0, task_kind::probe, task_state::done, "local", 1, 1, 0}};
  return report;
}

} // namespace

CAF_TEST(a job has the promised fields in their order) {
  auto document = to_json(completed());
  CAF_CHECK_EQUAL(fields(document),
                  (names{"id", "name", "state", "progress", "priority", "input",
                         "output", "operation", "created", "started",
                         "finished", "error", "result", "tasks", "waiting"}));
  CAF_CHECK_EQUAL(
      fields(document["result"]),
      (names{"size_bytes", "sha256", "frames", "duration_s", "wall_s", "speed",
             "fps", "dropped", "warnings", "outputs"}));
  CAF_CHECK_EQUAL(fields(document["result"]["outputs"][0]),
                  (names{"path", "size_bytes", "sha256", "width", "height"}));
  CAF_CHECK_EQUAL(
      fields(document["tasks"][0]),
      (names{"index", "kind", "state", "node", "attempt", "progress", "fps"}));
}

CAF_TEST(a completed job has a result and no error) {
  auto document = to_json(completed());
  CAF_CHECK_EQUAL(document["state"], "completed");
  CAF_CHECK_EQUAL(document["created"], "2024-02-29T12:34:56.007Z");
  CAF_CHECK(document["finished"].is_null());
  CAF_CHECK(document["error"].is_null());
  CAF_CHECK_EQUAL(document["result"]["size_bytes"], 1500);
  CAF_CHECK_EQUAL(document["result"]["sha256"], "ab");
  CAF_CHECK_EQUAL(document["operation"]["codec"], "h264");
  CAF_CHECK_EQUAL(document["operation"]["fps"], "24000/1001");
  CAF_CHECK_EQUAL(document["operation"]["renditions"][1], "480p");
  CAF_CHECK(!document["operation"].contains("crf"));
  CAF_CHECK_EQUAL(document["tasks"][0]["state"], "done");
}

CAF_TEST(a failed job has an error and no result) {
  auto report = completed();
  report.state = job_state::failed;
  report.error = {ec::bad_input, "in.mkv", "is no media", "name another"};
  auto document = to_json(report);
  CAF_CHECK_EQUAL(document["error"]["code"], "bad_input");
  CAF_CHECK_EQUAL(document["error"]["message"],
                  "in.mkv: is no media; name another");
  CAF_CHECK(document["result"].is_null());
}

CAF_TEST(the operation shows what preset and container add) {
  job_report report;
  report.spec.input = "in.mkv";
  report.spec.output = "out.webm";
  report.spec.what.preset = "web";
  auto document = to_json(report);
  CAF_CHECK_EQUAL(document["operation"]["codec"], "vp9");
  CAF_CHECK_EQUAL(document["operation"]["container"], "webm");
  report.spec.what.preset = "no such preset";
  document = to_json(report);
  CAF_CHECK_EQUAL(document["operation"],
                  (troupe::json{{"preset", "no such preset"}}));
}

CAF_TEST(documents are valid whatever names and numbers hold) {
  auto report = completed();
  report.spec.input = "caf\xe9\x1b\n.mkv";
  report.spec.name = "\xff";
  report.result.fps = std::numeric_limits<double>::infinity();
  report.progress = std::numeric_limits<double>::quiet_NaN();
  auto read = troupe::json::parse(to_text(to_json(report)));
  CAF_CHECK_EQUAL(read["input"], "caf\ufffd\x1b\n.mkv");
  CAF_CHECK_EQUAL(read["name"], "\ufffd");
  CAF_CHECK_EQUAL(read["progress"], 0);
  CAF_CHECK_EQUAL(read["result"]["fps"], 0);
}

CAF_TEST(numbers are rounded to a millionth) {
  CAF_CHECK_EQUAL(json_number(0.1 + 0.2), 0.3);
  CAF_CHECK_EQUAL(json_number(-2.0000004), -2);
  CAF_CHECK_EQUAL(json_number(1e300), 1e300);
}

CAF_TEST(a stream has the fields of its kind and no others) {
  media_info media;
  media.format = "matroska,webm";
  stream_info video;
  video.kind = stream_kind::video;
  video.codec = "hevc";
  video.width = 1920;
  video.height = 1080;
  video.frame_rate = {24000, 1001};
  video.sample_aspect = {4, 3};
  video.color.matrix = "bt2020nc";
  video.hdr.has_light_level = true;
  video.hdr.max_cll = 1000;
  video.hdr.max_fall = 400;
  video.turn = orientation::rotate_90;
  video.tags = {{"language", "fin"}};
  stream_info audio;
  audio.index = 1;
  audio.kind = stream_kind::audio;
  audio.codec = "aac";
  audio.channels = 2;
  stream_info font;
  font.index = 2;
  font.kind = stream_kind::attachment;
  font.file_name = "a.ttf";
  media.streams = {video, audio, font};
  media.chapters = {{0, 1.5, {{"title", "One"}}}};
  auto document = to_json("in.mkv", media);
  CAF_CHECK_EQUAL(fields(document),
                  (names{"file", "format", "format_name", "size_bytes",
                         "duration_s", "start_s", "bit_rate", "tags",
                         "chapters", "streams", "warnings"}));
  CAF_CHECK_EQUAL(document["chapters"][0]["title"], "One");
  const auto& first = document["streams"][0];
  CAF_CHECK_EQUAL(first["kind"], "video");
  CAF_CHECK_EQUAL(first["fps"], 23.976024);
  CAF_CHECK_EQUAL(first["sample_aspect"], "4:3");
  CAF_CHECK_EQUAL(first["display_aspect"], "64:27");
  CAF_CHECK_EQUAL(first["color"]["matrix"], "bt2020nc");
  CAF_CHECK_EQUAL(first["hdr"]["content_light_level"]["max_cll"], 1000);
  CAF_CHECK(!first["hdr"].contains("mastering_display"));
  CAF_CHECK_EQUAL(first["rotation"], 90);
  CAF_CHECK_EQUAL(first["language"], "fin");
  CAF_CHECK(!first.contains("channels"));
  const auto& second = document["streams"][1];
  CAF_CHECK_EQUAL(second["channels"], 2);
  CAF_CHECK(!second.contains("width"));
  CAF_CHECK(!second.contains("color"));
  const auto& third = document["streams"][2];
  CAF_CHECK_EQUAL(third["file_name"], "a.ttf");
  CAF_CHECK(!third.contains("duration_s"));
}

CAF_TEST(a mastering display has its four points) {
  media_info media;
  stream_info video;
  video.kind = stream_kind::video;
  video.hdr.has_mastering = true;
  video.hdr.primaries = {0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329};
  video.hdr.max_luminance = 1000;
  media.streams = {video};
  auto document = to_json("x", media);
  const auto& found = document["streams"][0]["hdr"]["mastering_display"];
  CAF_CHECK_EQUAL(found["red"], (std::vector{0.68, 0.32}));
  CAF_CHECK_EQUAL(found["white"], (std::vector{0.3127, 0.329}));
  CAF_CHECK_EQUAL(found["max_luminance"], 1000);
}

CAF_TEST(a machine has the promised fields) {
  profile machine;
  machine.libraries = {{"libavcodec", "59.37.100"}};
  encoder_capability fails;
  fails.name = "h264_nvenc";
  fails.reason = "no driver";
  encoder_capability works;
  works.works = true;
  machine.encoders = {fails, works};
  auto document = to_json(machine);
  CAF_CHECK_EQUAL(
      fields(document),
      (names{"hostname", "os", "cpu", "memory_bytes", "disk_free_bytes", "gpus",
             "libraries", "encoders", "decoders", "formats"}));
  CAF_CHECK_EQUAL(
      fields(document["encoders"][0]),
      (names{"name", "codec", "kind", "works", "reason", "max_width",
             "max_height", "pixel_formats", "fps_1080p"}));
  CAF_CHECK_EQUAL(document["libraries"]["libavcodec"], "59.37.100");
  CAF_CHECK_EQUAL(document["encoders"][0]["reason"], "no driver");
  CAF_CHECK(document["encoders"][1]["reason"].is_null());
}

CAF_TEST(presets show only what they set) {
  preset x;
  x.name = "plain";
  auto document = to_json(std::vector{x});
  CAF_CHECK_EQUAL(document[0]["name"], "plain");
  CAF_CHECK(!document[0].contains("crf"));
  CAF_CHECK(!document[0].contains("speed"));
}
