#pragma once

#include <string>

#include <unistd.h>

#include "messages/media.hpp"
#include "messages/plan.hpp"
#include "messages/report.hpp"
#include "tests/actors/fake_session.hpp"

namespace troupe::test {

/// Two seconds of H.264 at 25 frames per second.
inline media_info sample_media() {
  stream_info video;
  video.kind = stream_kind::video;
  video.codec = "h264";
  video.decodable = true;
  video.time_base = {1, 12800};
  video.duration_s = 2;
  video.frames = 50;
  video.width = 640;
  video.height = 360;
  video.sample_aspect = {1, 1};
  video.pixel_format = "yuv420p";
  video.bit_depth = 8;
  video.frame_rate = {25, 1};
  video.base_frame_rate = {25, 1};
  video.constant_rate = true;
  video.field_order = "progressive";
  media_info result;
  result.format = "mov,mp4,m4a,3gp,3g2,mj2";
  result.size_bytes = 5;
  result.duration_s = 2;
  result.streams = {video};
  result.best_video = 0;
  return result;
}

/// Copies the sample's picture into so many files.
inline encode_plan sample_plan(size_t outputs = 1) {
  stream_plan video;
  output_plan output;
  output.container = "mp4";
  output.muxer = "mp4";
  output.streams = {video};
  output.chapters = false;
  output.width = 640;
  output.height = 360;
  encode_plan result;
  result.outputs.assign(outputs, output);
  result.duration_s = 2;
  return result;
}

/// The same, but encoded.
inline encode_plan encoding_plan(const std::string& encoder) {
  auto result = sample_plan();
  auto& stream = result.outputs[0].streams[0];
  stream.action = stream_action::encode;
  stream.video.encoder = encoder;
  return result;
}

/// What a session reports when all went well.
/// @param codec of the result
inline encode_report good_report(const encode_plan& plan,
                                 const std::string& codec,
                                 uint64_t size_bytes) {
  stream_tally tally;
  tally.codec = "h264";
  tally.packets = 50;
  tally.frames = 50;
  tally.timed = true;
  tally.last_s = 2;
  encode_report result;
  result.source = {tally};
  tally.codec = codec;
  output_report output;
  output.size_bytes = size_bytes;
  output.sha256 = std::string(64, 'a');
  output.duration_s = 2;
  output.streams = {tally};
  result.outputs.assign(plan.outputs.size(), output);
  return result;
}

/// Writes `text` into every output that the session was given, and reports.
inline void finish_encode(fake_session& session, const std::string& codec) {
  static const std::string text = "encoded";
  const auto& plan =
      std::get<session::encode_request>(session.requests.back()).plan;
  for (const auto& output : session.descriptors)
    if (::write(output.get(), text.data(), text.size()) < 0)
      return;
  session.say(session::encoded{good_report(plan, codec, text.size())});
}

/// Does what a good session does, at once. @param codec of the results
inline auto good_session(std::string codec) {
  return [codec](fake_session& session, const session::request& what) {
    if (std::holds_alternative<session::start_request>(what)) {
      session.say(session::hello{session::protocol_version, {{"libx", "1"}}});
    } else if (std::holds_alternative<session::inspect_request>(what)) {
      session.say(session::inspected{sample_media()});
    } else if (std::holds_alternative<session::encode_request>(what)) {
      session::progress figures;
      figures.counters.frames_encoded = 50;
      session.say(figures);
      finish_encode(session, codec);
    } else if (auto probe = std::get_if<session::probe_request>(&what)) {
      session::probed answer;
      answer.capability.name = probe->encoder;
      answer.capability.works = true;
      session.say(answer);
    } else {
      session.say(session::libraries{{"h264"}, {"libx264"}});
    }
  };
}

} // namespace troupe::test
