#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/media.hpp"

namespace troupe {

/// How far a session is. Counters only grow, so that two equal records mean
/// that nothing moved in between.
struct session_progress {
  uint64_t packets_read = 0;
  uint64_t frames_decoded = 0;  ///< video
  uint64_t frames_filtered = 0; ///< video, all outputs
  uint64_t frames_sent = 0;     ///< video, handed to encoders, all outputs
  uint64_t frames_encoded = 0;  ///< video packets of the first output
  uint64_t samples_decoded = 0; ///< audio, all streams
  uint64_t bytes_read = 0;
  uint64_t bytes_written = 0; ///< all outputs
  uint64_t bytes_checked = 0; ///< read again for verification and the digest
  double position_s = 0;      ///< media time muxed into the first output

  friend bool operator==(const session_progress&,
                         const session_progress&) = default;
};

/// What became of one stream on one side of the session: on the source's side
/// what was decoded or copied, on an output's side what a fresh reading of the
/// file found.
struct stream_tally {
  uint32_t index = 0;  ///< in its own file
  uint32_t source = 0; ///< index of the source's stream that it came from
  stream_kind kind = stream_kind::video;
  std::string codec;
  std::string language; ///< "" when it has none
  uint64_t packets = 0;
  uint64_t frames = 0; ///< decoded (source) or packets that are frames (output)
  uint64_t errors = 0; ///< packets that could not be decoded
  bool timed = false;  ///< first_s and last_s hold
  double first_s = 0;  ///< start of what is presented, file's start at 0
  double last_s = 0;   ///< end of what is presented
};

/// One output, as a fresh reading of it found.
struct output_report {
  uint64_t size_bytes = 0;
  std::string sha256; ///< 64 hexadecimal digits
  double duration_s = 0;
  uint64_t chapters = 0;
  uint64_t attachments = 0;
  std::vector<stream_tally> streams;
};

/// What a session reports at the end of an encode: the source as it was read,
/// the outputs as they can be read back.
struct encode_report {
  std::vector<stream_tally> source;
  std::vector<output_report> outputs;
  std::vector<std::string> dropped; ///< found only while encoding
  std::vector<std::string> warnings;
  uint64_t peak_memory_bytes = 0;
  double cpu_s = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, session_progress& x) {
  return f(x.packets_read, x.frames_decoded, x.frames_filtered, x.frames_sent,
           x.frames_encoded, x.samples_decoded, x.bytes_read, x.bytes_written,
           x.bytes_checked, x.position_s);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stream_tally& x) {
  return f(x.index, x.source, x.kind, x.codec, x.language, x.packets, x.frames,
           x.errors, x.timed, x.first_s, x.last_s);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, output_report& x) {
  return f(x.size_bytes, x.sha256, x.duration_s, x.chapters, x.attachments,
           x.streams);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, encode_report& x) {
  return f(x.source, x.outputs, x.dropped, x.warnings, x.peak_memory_bytes,
           x.cpu_s);
}

} // namespace troupe
