#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/journal_store.hpp"
#include "encode/record.hpp"
#include "messages/journal.hpp"

namespace troupe::test {

inline const journal_hook no_hook = [](journal_step) {};

/// The same bytes for equal structs, by their own `inspect`.
template <class T>
std::string bytes_of(T x) {
  session::record_writer result;
  inspect(result, x);
  return result.bytes();
}

/// Ids sort by their numbers.
inline job_id numbered(uint64_t number) {
  return {number, ~number};
}

/// Every field says something.
inline job_spec full_spec() {
  job_spec x;
  x.name = "A name";
  x.input = "media:/a \"b\" \\ \xf0\x9f\x8e\xac.mkv";
  x.output = "media:/out_{height}.mp4";
  x.what = {"web",  "h264", "libx264", true,           21.5,  4'000'000'000,
            "slow", 1920,   1080,      {24000, 1001},  "aac", 128'000,
            "mp4",  "auto", 3,         {{1080}, {720}}};
  x.priority = 2;
  x.replace = true;
  x.stall_timeout_s = 12.25;
  x.timeout_s = 0.1;
  return x;
}

inline submitted_job full_job(uint64_t number) {
  return {numbered(number),
          {full_spec(), "key " + std::to_string(number)},
          7,
          1'700'000'000'000};
}

/// A job that says no more than it must.
inline submitted_job plain_job(uint64_t number, std::string key = {}) {
  submitted_job x;
  x.id = numbered(number);
  x.request.spec.name = "job " + std::to_string(number);
  x.request.spec.input = "media:/in.mkv";
  x.request.spec.output = "media:/out.mp4";
  x.request.key = std::move(key);
  x.created_ms = 1000 + number;
  return x;
}

inline job_result full_result() {
  return {{{"media:/out_1080.mp4", uint64_t{1} << 40, std::string(64, 'a'),
            1920, 1080},
           {"media:/out_720.mp4", 17, std::string(64, 'b'), 1280, 720}},
          250,
          10.01,
          5.5,
          1.82,
          45.45,
          {"subtitle stream 3: no place"},
          {"a warning", ""}};
}

inline job_record full_record(uint64_t number, job_state state) {
  job_record x;
  x.id = numbered(number);
  x.state = state;
  x.wish = job_wish::cancel;
  x.started_ms = 1'700'000'001'000;
  x.finished_ms = 1'700'000'002'000;
  x.tries = 2;
  x.crashes = 1;
  x.lost_nodes = {"alpha", "\xff\xfe"};
  x.node = "beta";
  x.error = {ec::poison, "media:/\xc3.mkv", "it lost nodes", "look at it"};
  x.result = full_result();
  return x;
}

/// A record that says no more than it must.
inline job_record plain_record(uint64_t number, job_state state,
                               uint64_t finished_ms = 0) {
  job_record x;
  x.id = numbered(number);
  x.state = state;
  x.finished_ms = finished_ms;
  return x;
}

inline encode_plan full_plan() {
  filter_step step{filter_kind::tone_map,
                   640,
                   360,
                   true,
                   orientation::rotate_90,
                   {"bt2020", "pq", "nc", "tv", "left"},
                   {30, 1}};
  stream_plan stream;
  stream.source = 4;
  stream.action = stream_action::encode;
  stream.video.encoder = "libx264";
  stream.video.options = {{"preset", "slow"}, {"crf", "21"}};
  stream.video.steps = {step};
  stream.audio.encoder = "aac";
  output_plan output;
  output.container = "mp4";
  output.streams = {stream, stream};
  output.rendition = 1;
  encode_plan x;
  x.outputs = {output};
  x.common_steps = {step};
  x.duration_s = 3.5;
  x.decoder_threads = 2;
  x.dropped = {"something"};
  x.warnings = {"\xff"};
  return x;
}

inline attempt_record full_attempt(uint64_t job, uint32_t task,
                                   uint32_t number) {
  return {{numbered(job), task, number},
          task_kind::whole,
          "alpha",
          0xfedcba9876543210,
          true,
          attempt_end::failed,
          ec::stalled,
          1'700'000'001'500,
          1'700'000'001'900};
}

inline bool same(const submitted_job& a, const submitted_job& b) {
  return bytes_of(a) == bytes_of(b);
}

inline bool same(const job_record& a, const job_record& b) {
  return a.id == b.id && a.state == b.state && a.wish == b.wish
         && a.started_ms == b.started_ms && a.finished_ms == b.finished_ms
         && a.tries == b.tries && a.crashes == b.crashes
         && a.lost_nodes == b.lost_nodes && a.node == b.node
         && a.error == b.error && a.result.has_value() == b.result.has_value()
         && (!a.result || bytes_of(*a.result) == bytes_of(*b.result));
}

} // namespace troupe::test
