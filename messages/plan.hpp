#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/media.hpp"

namespace troupe {

/// A private option of an encoder or muxer, out of our own tables; never text
/// of a job.
struct option {
  std::string name;
  std::string value;

  friend bool operator==(const option&, const option&) = default;
};

/// One step of the picture's way from decoder to encoder.
enum class filter_kind : uint8_t {
  /// Turns and mirrors by `turn`.
  orient = 1,
  /// Makes each frame progressive, one frame out per frame in (bwdif).
  deinterlace = 2,
  /// Cuts to width x height at the top left corner (odd sizes to even).
  crop = 3,
  /// Scales to width x height; keeps the display aspect by the sample aspect.
  /// `interlaced`: scales the two fields on their own.
  scale = 4,
  /// HDR (PQ or HLG, described by `from`) to BT.709 SDR, limited range.
  tone_map = 5,
  /// SDR described by `from` to BT.709, limited range.
  to_bt709 = 6,
  /// A width x height frame with square pixels: the whole picture fitted into
  /// it, in front of its own enlarged and blurred copy.
  blurred_background = 7,
  /// Constant frame rate `rate`: repeats and leaves out frames.
  frame_rate = 8,
  /// One palette over the whole clip (GIF); buffers every frame.
  palette = 9,
};

struct filter_step {
  filter_kind kind = filter_kind::scale;
  uint32_t width = 0;
  uint32_t height = 0;
  bool interlaced = false;
  orientation turn = orientation::upright;
  color_description from; ///< every field filled in, guesses included
  rational rate;

  friend bool operator==(const filter_step&, const filter_step&) = default;
};

/// How the pictures of one output are encoded. Every number is decided: the
/// same plan on the same library versions gives the same bytes.
struct video_encode {
  std::string encoder; ///< libav's name
  std::vector<option> options;
  int64_t bit_rate = 0;  ///< 0 where options hold a quality instead
  uint32_t threads = 1;  ///< explicit; never "as many as there are cores"
  uint32_t gop_size = 0; ///< frames between key frames at most; 0: encoder's
  std::vector<filter_step> steps; ///< after those common to all outputs
  uint32_t width = 0;             ///< what the encoder gets
  uint32_t height = 0;            ///< what the encoder gets
  rational sample_aspect;         ///< of the result; 0/1: not said
  std::string pixel_format;       ///< libav's name
  rational frame_rate;            ///< what the encoder is told; 0/1: not known
  rational time_base;             ///< of the encoder's timestamps
  color_description color;        ///< what the result is labelled as
  bool keep_hdr = false;          ///< hand the source's HDR metadata on
  std::string field_order; ///< "tff" or "bff" for interlaced coding, else ""
};

struct audio_encode {
  std::string encoder; ///< libav's name
  std::vector<option> options;
  int64_t bit_rate = 0; ///< 0 for lossless encoders
  uint32_t sample_rate = 0;
  std::string channel_layout; ///< libav's name
  std::string sample_format;  ///< libav's name
};

enum class stream_action : uint8_t {
  copy = 1,
  encode = 2,
  /// Cover art into a container that holds pictures as attachments.
  attach = 3,
};

/// One stream of an output: where it comes from and what becomes of it.
/// Metadata and dispositions are carried over by the session.
struct stream_plan {
  uint32_t source = 0; ///< index of the source's stream
  stream_kind kind = stream_kind::video;
  stream_action action = stream_action::copy;
  video_encode video;           ///< for action encode of kind video
  audio_encode audio;           ///< for action encode of kind audio
  std::string subtitle_encoder; ///< for action encode of kind subtitle
};

/// One file to be written.
struct output_plan {
  std::string container;       ///< our name: "mp4"
  std::string muxer;           ///< libav's name: "mp4", "matroska", "mpegts"
  std::vector<option> options; ///< the muxer's
  std::vector<stream_plan> streams;
  bool chapters = true; ///< carry chapters over
  uint32_t width = 0;   ///< of the picture; 0 without video
  uint32_t height = 0;
  /// Index of the job's rendition that this is, and so of its path in
  /// `output_paths`; 0 without renditions. A plan may leave renditions out.
  uint32_t rendition = 0;
};

/// Everything that a session must know to turn one source into its outputs.
struct encode_plan {
  std::vector<output_plan> outputs; ///< one per rendition, at least one
  /// Steps before the pictures are split between the outputs.
  std::vector<filter_step> common_steps;
  double duration_s = 0;        ///< of the source, for progress; 0: not known
  uint32_t decoder_threads = 0; ///< 0: as many as there are cores
  std::vector<std::string> dropped; ///< "subtitle stream 3 (pgs, deu): ..."
  std::vector<std::string> warnings;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, option& x) {
  return f(x.name, x.value);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, filter_step& x) {
  return f(x.kind, x.width, x.height, x.interlaced, x.turn, x.from, x.rate);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, video_encode& x) {
  return f(x.encoder, x.options, x.bit_rate, x.threads, x.gop_size, x.steps,
           x.width, x.height, x.sample_aspect, x.pixel_format, x.frame_rate,
           x.time_base, x.color, x.keep_hdr, x.field_order);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, audio_encode& x) {
  return f(x.encoder, x.options, x.bit_rate, x.sample_rate, x.channel_layout,
           x.sample_format);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stream_plan& x) {
  return f(x.source, x.kind, x.action, x.video, x.audio, x.subtitle_encoder);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, output_plan& x) {
  return f(x.container, x.muxer, x.options, x.streams, x.chapters, x.width,
           x.height, x.rendition);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, encode_plan& x) {
  return f(x.outputs, x.common_steps, x.duration_s, x.decoder_threads,
           x.dropped, x.warnings);
}

} // namespace troupe
