#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/failure.hpp"
#include "messages/ids.hpp"
#include "messages/task.hpp"

namespace troupe {

/// One output of a ladder: a box of HEIGHT lines (16:9, turned for portrait)
/// that the picture is fitted into.
struct rendition {
  uint32_t height = 0; ///< 1080 for "1080p"

  friend bool operator==(const rendition&, const rendition&) = default;
};

/// What is to be done to the media. An empty string or 0 means "not said": the
/// preset, then the container, then the source decides. Untrusted until
/// `validate` (encode/validate.hpp) took it.
struct operation {
  std::string preset;
  std::string codec;   ///< h264, hevc, vp9, av1, prores, gif, copy, none, ...
  std::string encoder; ///< an exact libav name out of our table
  bool has_crf = false;
  double crf = 0;       ///< the encoder's own scale
  int64_t bit_rate = 0; ///< bits per second
  std::string speed;    ///< the encoder's own word or number: "veryfast", "8"
  uint32_t width = 0;
  uint32_t height = 0;
  rational fps;
  std::string audio_codec; ///< aac, opus, mp3, flac, pcm, vorbis, copy, none
  int64_t audio_bit_rate = 0;
  std::string container; ///< mp4, mov, mkv, webm, ts, m4a, ...
  std::string segment;   ///< "auto", "off" or seconds; whole files so far
  uint32_t threads = 0;
  std::vector<rendition> renditions;

  friend bool operator==(const operation&, const operation&) = default;
};

/// A job as its user gave it.
struct job_spec {
  std::string name;   ///< for people; the input's file name when not given
  std::string input;  ///< a path on the node that runs it
  std::string output; ///< a path; `{height}` stands for the rendition's height
  operation what;
  uint32_t priority = 0; ///< 1 (first) to 10; 0 lets the preset decide
  bool replace = false;  ///< an existing output may be replaced, once verified
  /// No stage moved for so long; 0: as the coordinator's node has it.
  double stall_timeout_s = 0;
  /// Whole job; 0: as long as the coordinator's node allows.
  double timeout_s = 0;

  friend bool operator==(const job_spec&, const job_spec&) = default;
};

enum class job_state : uint8_t {
  queued = 1,
  planning = 2,
  running = 3,
  assembling = 4,
  verifying = 5,
  completed = 6,
  failed = 7,
  cancelled = 8,
  paused = 9,
};

/// "queued", "running", ...
std::string_view to_string(job_state state);

/// True for completed, failed and cancelled: nothing follows them.
bool is_final(job_state state);

/// One published file.
struct output_file {
  std::string path;
  uint64_t size_bytes = 0;
  std::string sha256; ///< 64 hexadecimal digits
  uint32_t width = 0;
  uint32_t height = 0;

  friend bool operator==(const output_file&, const output_file&) = default;
};

/// What a completed job made.
struct job_result {
  std::vector<output_file> outputs; ///< at least one
  uint64_t frames = 0;              ///< video frames of the first output
  double duration_s = 0;            ///< media time of the first output
  double wall_s = 0;                ///< from start to publication
  double speed = 0;                 ///< duration_s / wall_s
  double fps = 0;                   ///< frames / wall_s
  std::vector<std::string> dropped; ///< what could not be carried, and why
  std::vector<std::string> warnings;
};

/// A job as it stands; what a client shows. Complete at every state.
struct job_report {
  job_id id;
  job_spec spec;
  job_state state = job_state::queued;
  uint32_t priority = 5;
  double progress = 0;     ///< 0 to 1
  uint64_t created_ms = 0; ///< Unix milliseconds; 0 means "not yet" throughout
  uint64_t started_ms = 0;
  uint64_t finished_ms = 0;
  failure error;     ///< code none unless failed or cancelled
  job_result result; ///< meaningful when completed
  std::vector<task_report> tasks;
  /// The running task's own figures, for a progress line.
  task_progress live;
  /// Why nothing of it runs, for people: "no node has root media"; "" when
  /// something does or the job ended.
  std::string waiting;
};

/// What a client hands in.
struct job_request {
  job_spec spec;
  /// Of the client's choice, at most 200 bytes; a second request with the same
  /// key is the first one's job. "" means none.
  std::string key;
};

/// A job as a row of a list.
struct job_summary {
  job_id id;
  std::string name;
  job_state state = job_state::queued;
  uint32_t priority = 5;
  double progress = 0;            ///< 0 to 1
  double eta_s = 0;               ///< seconds to go; 0 while not known
  std::vector<std::string> nodes; ///< where something of it runs
  uint64_t created_ms = 0;
  uint64_t finished_ms = 0; ///< 0: not yet
  ec error = ec::none;
};

/// Which jobs a client wants to see: those that haven't ended, oldest first, or
/// those that have, newest first.
struct job_query {
  bool ended = false;
  /// Goes on behind this one; zero starts at the beginning.
  job_id after;
  uint32_t limit = 100; ///< 1 to 1000 rows
};

/// One line of a job's log.
struct log_line {
  job_id job;
  uint64_t time_ms = 0; ///< Unix
  std::string text;
};

/// The row of a report.
job_summary summarize(const job_report& report);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, rendition& x) {
  return f(x.height);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, operation& x) {
  return f(x.preset, x.codec, x.encoder, x.has_crf, x.crf, x.bit_rate, x.speed,
           x.width, x.height, x.fps, x.audio_codec, x.audio_bit_rate,
           x.container, x.segment, x.threads, x.renditions);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_spec& x) {
  return f(x.name, x.input, x.output, x.what, x.priority, x.replace,
           x.stall_timeout_s, x.timeout_s);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, output_file& x) {
  return f(x.path, x.size_bytes, x.sha256, x.width, x.height);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_result& x) {
  return f(x.outputs, x.frames, x.duration_s, x.wall_s, x.speed, x.fps,
           x.dropped, x.warnings);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_report& x) {
  return f(x.id, x.spec, x.state, x.priority, x.progress, x.created_ms,
           x.started_ms, x.finished_ms, x.error, x.result, x.tasks, x.live,
           x.waiting);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_request& x) {
  return f(x.spec, x.key);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_summary& x) {
  return f(x.id, x.name, x.state, x.priority, x.progress, x.eta_s, x.nodes,
           x.created_ms, x.finished_ms, x.error);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_query& x) {
  return f(x.ended, x.after, x.limit);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, log_line& x) {
  return f(x.job, x.time_ms, x.text);
}

} // namespace troupe
