#include "actors/job_tasks.hpp"

#include <algorithm>

#include "encode/validate.hpp"
#include "messages/rooted_path.hpp"

namespace troupe {

namespace {

task_spec task_of(const attempt_id& attempt, const job_spec& spec) {
  task_spec result;
  result.id = attempt;
  result.input = spec.input;
  result.outputs = output_paths(spec);
  result.replace = spec.replace;
  result.stall_timeout_s = spec.stall_timeout_s;
  return result;
}

uint64_t video_frames(const output_report& output) {
  for (const auto& stream : output.streams)
    if (stream.kind == stream_kind::video)
      return stream.frames;
  return 0;
}

void append(std::vector<std::string>& to,
            const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Where the plan's outputs go. A plan may leave renditions out that are larger
/// than the source; those left keep their own names.
std::vector<std::string> paths_of(const job_spec& spec,
                                  const encode_plan& plan) {
  auto all = output_paths(spec);
  std::vector<std::string> result;
  for (const auto& output : plan.outputs)
    if (output.rendition < all.size())
      result.push_back(all[output.rendition]);
  return result;
}

std::vector<std::string> encoders_of(const encode_plan& plan) {
  std::vector<std::string> result;
  for (const auto& output : plan.outputs)
    for (const auto& stream : output.streams)
      if (stream.kind == stream_kind::video
          && stream.action == stream_action::encode)
        result.push_back(stream.video.encoder);
  return result;
}

void add_root(std::vector<std::string>& roots, const std::string& path) {
  auto rooted = parse_rooted_path(path);
  if (rooted
      && std::find(roots.begin(), roots.end(), rooted->root) == roots.end())
    roots.push_back(rooted->root);
}

double per_second(double amount, double seconds) {
  return seconds > 0 ? amount / seconds : 0;
}

} // namespace

task_spec probe_task(const attempt_id& attempt, const job_spec& spec,
                     const std::vector<std::string>& encoders) {
  auto result = task_of(attempt, spec);
  result.kind = task_kind::probe;
  // More than the first is rarely needed, and costs time.
  if (!encoders.empty())
    result.likely_encoders.push_back(encoders.front());
  return result;
}

task_spec whole_task(const attempt_id& attempt, const job_spec& spec,
                     const encode_plan& plan) {
  auto result = task_of(attempt, spec);
  result.kind = task_kind::whole;
  result.likely_encoders = encoders_of(plan);
  result.outputs = paths_of(spec, plan);
  result.plan = plan;
  return result;
}

task_needs needs_of(const job_spec& spec,
                    const std::optional<encode_plan>& plan, uint32_t task,
                    bool rooted_paths) {
  task_needs result;
  result.task = task;
  if (rooted_paths) {
    add_root(result.reads, spec.input);
    for (const auto& path : output_paths(spec))
      add_root(result.writes, path);
  }
  result.encoders = candidate_encoders(spec);
  if (plan) {
    // One encoder serves all renditions.
    result.encoders = encoders_of(*plan);
    if (result.encoders.size() > 1)
      result.encoders.resize(1);
  }
  return result;
}

job_result result_of(const job_spec& spec, const encode_plan& plan,
                     const task_result& done, double wall_s) {
  job_result result;
  auto paths = paths_of(spec, plan);
  const auto& reports = done.report.outputs;
  auto count = std::min({paths.size(), plan.outputs.size(), reports.size()});
  for (size_t i = 0; i < count; ++i)
    result.outputs.push_back({paths[i], reports[i].size_bytes,
                              reports[i].sha256, plan.outputs[i].width,
                              plan.outputs[i].height});
  if (count > 0) {
    result.frames = video_frames(reports.front());
    result.duration_s = reports.front().duration_s;
  }
  result.wall_s = wall_s;
  result.speed = per_second(result.duration_s, wall_s);
  result.fps = per_second(static_cast<double>(result.frames), wall_s);
  append(result.dropped, plan.dropped);
  append(result.dropped, done.report.dropped);
  append(result.warnings, plan.warnings);
  append(result.warnings, done.report.warnings);
  append(result.warnings, done.warnings);
  return result;
}

} // namespace troupe
