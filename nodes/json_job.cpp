#include "encode/validate.hpp"
#include "nodes/json.hpp"
#include "nodes/media_words.hpp"
#include "nodes/readable.hpp"

namespace troupe {

namespace {

json time_or_null(uint64_t unix_ms) {
  return unix_ms == 0 ? json() : json(iso_time(unix_ms));
}

/// What is known before the source is: an absent field is for the source to
/// decide.
json to_json(const operation& what) {
  auto result = json::object();
  auto text = [&](const char* key, const std::string& value) {
    if (!value.empty())
      result[key] = value;
  };
  auto number = [&](const char* key, int64_t value) {
    if (value != 0)
      result[key] = value;
  };
  text("preset", what.preset);
  text("codec", what.codec);
  text("encoder", what.encoder);
  if (what.has_crf)
    result["crf"] = json_number(what.crf);
  number("bitrate", what.bit_rate);
  text("speed", what.speed);
  number("width", what.width);
  number("height", what.height);
  if (what.fps.num != 0)
    result["fps"] = fraction_words(what.fps);
  text("audio_codec", what.audio_codec);
  number("audio_bitrate", what.audio_bit_rate);
  text("container", what.container);
  text("segment", what.segment);
  number("threads", what.threads);
  for (const auto& x : what.renditions)
    result["renditions"].push_back(std::to_string(x.height) + 'p');
  return result;
}

/// What the job asks for, with what its preset and container add to it.
operation effective_operation(const job_spec& spec) {
  return validate(spec) ? resolve(spec) : spec.what;
}

/// The size is that of all outputs, the digest that of the first.
json to_json(const job_result& result) {
  uint64_t size_bytes = 0;
  auto outputs = json::array();
  for (const auto& x : result.outputs) {
    size_bytes += x.size_bytes;
    outputs.push_back({{"path", x.path},
                       {"size_bytes", x.size_bytes},
                       {"sha256", x.sha256},
                       {"width", x.width},
                       {"height", x.height}});
  }
  return {
      {"size_bytes", size_bytes},
      {"sha256", result.outputs.empty() ? "" : result.outputs.front().sha256},
      {"frames", result.frames},
      {"duration_s", json_number(result.duration_s)},
      {"wall_s", json_number(result.wall_s)},
      {"speed", json_number(result.speed)},
      {"fps", json_number(result.fps)},
      {"dropped", result.dropped},
      {"warnings", result.warnings},
      {"outputs", std::move(outputs)},
  };
}

json to_json(const task_report& task) {
  return {
      {"index", task.index},
      {"kind", to_string(task.kind)},
      {"state", to_string(task.state)},
      {"node", task.node},
      {"attempt", task.attempt},
      {"progress", json_number(task.progress)},
      {"fps", json_number(task.fps)},
  };
}

} // namespace

json to_json(const job_report& report) {
  json error;
  if (report.error.code != ec::none)
    error = {{"code", to_string(report.error.code)},
             {"message", to_string(report.error)}};
  auto tasks = json::array();
  for (const auto& x : report.tasks)
    tasks.push_back(to_json(x));
  return {
      {"id", to_string(report.id)},
      {"name", report.spec.name},
      {"state", to_string(report.state)},
      {"progress", json_number(report.progress)},
      {"priority", report.priority},
      {"input", report.spec.input},
      {"output", report.spec.output},
      {"operation", to_json(effective_operation(report.spec))},
      {"created", time_or_null(report.created_ms)},
      {"started", time_or_null(report.started_ms)},
      {"finished", time_or_null(report.finished_ms)},
      {"error", std::move(error)},
      {"result",
       report.state == job_state::completed ? to_json(report.result) : json()},
      {"tasks", std::move(tasks)},
      {"waiting", report.waiting.empty() ? json() : json(report.waiting)},
  };
}

} // namespace troupe
