#pragma once

#include <caf/test/unit_test.hpp>

#include "encode/picture.hpp"
#include "tests/encode/media_builder.hpp"

/// What tests of single pictures' plans share.
namespace troupe::test {

using kinds_t = std::vector<filter_kind>;
using enum filter_kind;

struct result {
  video_encode video;
  encode_plan whole;
};

/// The first output's pictures; a failed plan fails the test.
inline result pictures(const job_spec& spec, const stream_info& stream,
                       uint32_t threads = 4) {
  auto made = plan(spec, {stream}, threads);
  if (!made) {
    CAF_ERROR(to_string(made.error()));
    return {};
  }
  return {made->outputs.front().streams.front().video, *made};
}

inline failure refused(const job_spec& spec, const stream_info& stream) {
  auto made = plan(spec, {stream});
  return made ? failure{} : made.error();
}

inline job_spec with_codec(const std::string& output,
                           const std::string& codec) {
  auto result = job_to(output);
  result.what.codec = codec;
  return result;
}

inline job_spec with_encoder(const std::string& output,
                             const std::string& encoder) {
  auto result = job_to(output);
  result.what.encoder = encoder;
  return result;
}

inline std::string size_of(const video_encode& x) {
  return std::to_string(x.width) + "x" + std::to_string(x.height);
}

inline stream_info interlaced_stream() {
  auto stream = video_stream(1440, 1080);
  stream.sample_aspect = {4, 3};
  stream.field_order = "tff";
  return stream;
}

} // namespace troupe::test
