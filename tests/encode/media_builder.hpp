#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "encode/planner.hpp"
#include "encode/validate.hpp"
#include "messages/job.hpp"
#include "messages/media.hpp"
#include "messages/plan.hpp"

/// Sources and jobs as the tests of the model want them: ordinary ones, to be
/// made odd in the one respect that a test is about.
namespace troupe::test {

inline stream_info video_stream(uint32_t width = 1920, uint32_t height = 1080) {
  stream_info result;
  result.kind = stream_kind::video;
  result.codec = "h264";
  result.decodable = true;
  result.time_base = {1, 12800};
  result.duration_s = 10;
  result.frames = 250;
  result.width = width;
  result.height = height;
  result.sample_aspect = {1, 1};
  result.pixel_format = "yuv420p";
  result.bit_depth = 8;
  result.frame_rate = {25, 1};
  result.base_frame_rate = {25, 1};
  result.constant_rate = true;
  result.field_order = "progressive";
  result.color = {"bt709", "bt709", "bt709", "tv", "left"};
  return result;
}

inline stream_info hdr10_stream() {
  auto result = video_stream(3840, 2160);
  result.codec = "hevc";
  result.pixel_format = "yuv420p10le";
  result.bit_depth = 10;
  result.color = {"bt2020", "smpte2084", "bt2020nc", "tv", "topleft"};
  result.hdr.has_mastering = true;
  result.hdr.primaries = {0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329};
  result.hdr.min_luminance = 0.005;
  result.hdr.max_luminance = 1000;
  result.hdr.has_light_level = true;
  result.hdr.max_cll = 1000;
  result.hdr.max_fall = 400;
  return result;
}

inline stream_info audio_stream(const std::string& codec = "aac",
                                uint32_t channels = 2) {
  stream_info result;
  result.kind = stream_kind::audio;
  result.codec = codec;
  result.decodable = true;
  result.time_base = {1, 48000};
  result.duration_s = 10;
  result.sample_rate = 48000;
  result.channels = channels;
  result.channel_layout = channels == 1   ? "mono"
                          : channels == 2 ? "stereo"
                          : channels == 6 ? "5.1"
                                          : "";
  result.sample_format = "fltp";
  return result;
}

inline stream_info subtitle_stream(const std::string& codec,
                                   bool image_based = false) {
  stream_info result;
  result.kind = stream_kind::subtitle;
  result.codec = codec;
  result.decodable = true;
  result.image_based = image_based;
  return result;
}

inline stream_info cover_stream(const std::string& codec = "mjpeg") {
  auto result = video_stream(500, 500);
  result.codec = codec;
  result.attached_picture = true;
  return result;
}

inline stream_info attachment_stream() {
  stream_info result;
  result.kind = stream_kind::attachment;
  result.codec = "ttf";
  result.file_name = "font.ttf";
  result.mime_type = "font/ttf";
  return result;
}

inline media_info media_of(std::vector<stream_info> streams) {
  media_info result;
  result.format = "matroska,webm";
  result.duration_s = 10;
  for (auto& stream : streams) {
    stream.index = static_cast<uint32_t>(result.streams.size());
    auto index = static_cast<int32_t>(stream.index);
    if (stream.kind == stream_kind::video && !stream.attached_picture
        && stream.decodable && result.best_video < 0)
      result.best_video = index;
    if (stream.kind == stream_kind::audio && stream.decodable
        && result.best_audio < 0)
      result.best_audio = index;
    result.streams.push_back(std::move(stream));
  }
  return result;
}

inline job_spec job_to(const std::string& output,
                       const std::string& preset = "") {
  job_spec result;
  result.input = "in.mkv";
  result.output = output;
  result.what.preset = preset;
  return result;
}

/// The failure in words; "" when there is none.
inline std::string problem(const failure& error) {
  return error.code == ec::none ? "" : to_string(error);
}

/// Plans with the encoder that the job would try first.
inline outcome<encode_plan> plan(const job_spec& spec,
                                 const std::vector<stream_info>& streams,
                                 uint32_t threads = 4) {
  planning_context context;
  context.threads = threads;
  if (auto names = candidate_encoders(spec); !names.empty())
    context.encoder.name = names.front();
  return make_plan(spec, media_of(streams), context);
}

inline const stream_plan* planned(const output_plan& output, uint32_t source) {
  auto found = std::find_if(output.streams.begin(), output.streams.end(),
                            [&](const auto& x) { return x.source == source; });
  return found == output.streams.end() ? nullptr : &*found;
}

inline bool has_line(const std::vector<std::string>& lines,
                     const std::string& part) {
  return std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
    return line.find(part) != std::string::npos;
  });
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::vector<filter_kind> kinds(const std::vector<filter_step>& steps) {
  std::vector<filter_kind> result;
  for (const auto& step : steps)
    result.push_back(step.kind);
  return result;
}

inline std::string value_of(const std::vector<option>& options,
                            const std::string& name) {
  for (const auto& entry : options)
    if (entry.name == name)
      return entry.value;
  return "";
}

} // namespace troupe::test
