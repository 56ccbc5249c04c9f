#include "encode/session/pipeline.hpp"

#include <algorithm>
#include <cstring>

#include <sys/resource.h>

#include "encode/session/reread.hpp"

extern "C" {
#include <libavutil/intreadwrite.h>
#include <libavutil/mathematics.h>
}

namespace troupe::session {

namespace {

/// Quiet streams (subtitles) are told to have passed this long before the
/// position of the reading: sources interleave no worse.
constexpr int64_t interleaving_us = 2'000'000;

/// How often they are told.
constexpr int64_t announce_us = 250'000;

/// Demuxers of live formats may ask to be called again; a file that does so for
/// ever is broken.
constexpr int most_retries = 100;

/// Durations in headers are estimates for some formats; an end that is missing
/// by more than this is worth a warning.
constexpr double longest_missing_share = 0.95;
constexpr double longest_missing_s = 0.5;

double peak_memory(const rusage& usage) {
  return static_cast<double>(usage.ru_maxrss) * 1024; // the kernel counts KiB
}

double cpu_seconds(const rusage& usage) {
  auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec)
           + static_cast<double>(time.tv_usec) / 1e6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

} // namespace

pipeline::pipeline(packet_source& source, const media_info& media,
                   const encode_plan& plan, const session_limits& limits,
                   const std::vector<descriptor>& outputs, meters& counters)
    : source_(source), media_(media), plan_(plan), limits_(limits),
      outputs_(outputs), counters_(counters),
      clock_(source.start_us(),
             (source.format()->iformat->flags & AVFMT_TS_DISCONT) != 0) {}

outcome<encode_report> pipeline::run() {
  if (auto built = build(); !built)
    return built.error();
  {
    std::vector<std::jthread> threads;
    for (auto& out : muxers_)
      threads.emplace_back([this, &out] { out->run(stop_); });
    for (auto& [index, to] : routes_) {
      if (to.sound)
        to.sound->start(threads);
      if (to.pictures)
        to.pictures->start(threads);
    }
    read_packets();
  } // joins
  if (auto error = stop_.error(); error.code != ec::none)
    return error;
  return report();
}

// -- reading ------------------------------------------------------------------

void pipeline::read_packets() {
  for (int retries = 0;;) {
    auto packet = make_packet();
    auto rc = source_.read(*packet);
    if (rc == AVERROR(EAGAIN) && ++retries < most_retries)
      continue;
    if (rc < 0) {
      if (source_.read_error() != 0)
        return stop_.fail(av_failure(AVERROR(source_.read_error()), "read", "",
                                     ec::io_error));
      if (rc != AVERROR_EOF)
        warnings_.push_back("reading the input stopped early: " + av_words(rc));
      break;
    }
    retries = 0;
    ++counters_.packets_read;
    if (!route(std::move(packet)))
      return;
  }
  finish_reading();
}

/// @returns false when the session is being stopped
bool pipeline::route(packet_ptr packet) {
  auto index = static_cast<uint32_t>(packet->stream_index);
  auto found = routes_.find(index);
  if (found == routes_.end())
    return true;
  auto& to = found->second;
  auto base = source_.stream(index)->time_base;
  auto in_us = [&](int64_t x) { return av_rescale_q(x, base, AV_TIME_BASE_Q); };
  std::optional<int64_t> dts_us;
  if (packet->dts != AV_NOPTS_VALUE)
    dts_us = in_us(packet->dts);
  auto shift_us = clock_.correction(index, dts_us, in_us(packet->duration));
  auto shift = av_rescale_q(shift_us, AV_TIME_BASE_Q, base);
  if (packet->pts != AV_NOPTS_VALUE)
    packet->pts += shift;
  if (packet->dts != AV_NOPTS_VALUE)
    packet->dts += shift;
  if (!to.direct.empty() && !route_direct(to, *packet))
    return false;
  if (dts_us && !announce_position(*dts_us + shift_us))
    return false;
  if (to.pictures)
    return to.pictures->push(std::move(packet));
  if (to.sound)
    return to.sound->push(std::move(packet));
  return true;
}

/// Muxers want a decoding time on every packet; some containers leave it out.
void pipeline::fill_in_timestamps(stream_routes& to, AVPacket& packet) const {
  if (packet.dts == AV_NOPTS_VALUE)
    packet.dts = to.next_dts != AV_NOPTS_VALUE  ? to.next_dts
                 : packet.pts != AV_NOPTS_VALUE ? packet.pts
                                                : 0;
  if (packet.pts == AV_NOPTS_VALUE)
    packet.pts = packet.dts;
  auto& stream = *source_.stream(static_cast<uint32_t>(packet.stream_index));
  auto duration = packet.duration;
  if (duration <= 0 && stream.avg_frame_rate.num > 0)
    duration =
        av_rescale_q(1, av_inv_q(stream.avg_frame_rate), stream.time_base);
  to.next_dts = packet.dts + std::max<int64_t>(duration, 1);
}

void pipeline::note_direct(stream_routes& to, const AVPacket& packet) {
  auto& stream = *source_.stream(static_cast<uint32_t>(packet.stream_index));
  auto& tally = to.tally;
  ++tally.packets;
  auto rate = std::max(stream.codecpar->sample_rate, 1);
  auto [skip_start, skip_end] = skipped_samples(packet);
  auto start = seconds(packet.pts, stream.time_base)
               + static_cast<double>(skip_start) / rate;
  auto end = seconds(packet.pts + packet.duration, stream.time_base)
             - static_cast<double>(skip_end) / rate;
  tally.first_s = tally.timed ? std::min(tally.first_s, start) : start;
  tally.last_s = tally.timed ? std::max(tally.last_s, end) : end;
  tally.timed = true;
}

bool pipeline::route_direct(stream_routes& to, const AVPacket& packet) {
  auto& stream = *source_.stream(static_cast<uint32_t>(packet.stream_index));
  // Outside the edit list: decoded by players, never shown.
  if (packet.flags & AV_PKT_FLAG_DISCARD)
    return true;
  if (stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !to.seen_key_frame) {
    to.seen_key_frame = (packet.flags & AV_PKT_FLAG_KEY) != 0;
    if (!to.seen_key_frame)
      return true;
  }
  packet_ptr timed{av_packet_clone(&packet)};
  if (!timed)
    throw std::bad_alloc{};
  // Joined recordings overlap at the join; the frame that is there twice goes,
  // or all sound behind it would be late.
  if (clock_.jumps() > 0 && to.next_dts != AV_NOPTS_VALUE
      && stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO
      && timed->dts != AV_NOPTS_VALUE
      && timed->dts + timed->duration / 2 < to.next_dts)
    return true;
  fill_in_timestamps(to, *timed);
  note_direct(to, *timed);
  for (auto& way : to.direct) {
    if (way.converter) {
      auto passed = way.converter->push(*timed, stream.time_base);
      if (!passed)
        stop_.fail(passed.error());
      if (!passed || !*passed)
        return false;
      continue;
    }
    packet_ptr copy{av_packet_clone(timed.get())};
    if (!copy)
      throw std::bad_alloc{};
    if (!way.out->push(way.stream, std::move(copy), stream.time_base))
      return false;
  }
  return true;
}

/// Streams that go straight to the muxers may be quiet for minutes; this tells
/// the muxers that it isn't worth waiting for them.
bool pipeline::announce_position(int64_t dts_us) {
  position_us_ = std::max(position_us_, dts_us);
  if (announced_us_ != INT64_MIN && position_us_ - announced_us_ < announce_us)
    return true;
  announced_us_ = position_us_;
  for (auto& [index, to] : routes_)
    for (auto& way : to.direct)
      if (!way.out->advance(way.stream, position_us_ - interleaving_us))
        return false;
  return true;
}

void pipeline::finish_reading() {
  for (auto& [index, to] : routes_) {
    for (auto& way : to.direct)
      way.out->finish(way.stream);
    if (to.sound)
      to.sound->close();
    if (to.pictures)
      to.pictures->close();
  }
}

// -- reporting ----------------------------------------------------------------

/// A file that was cut off still has the header of the whole.
void pipeline::warn_of_missing_end(const std::vector<stream_tally>& source) {
  // Headers of a source whose clock jumps know nothing of its length.
  if (clock_.jumps() > 0 || media_.duration_s <= 0)
    return;
  double end = 0;
  for (auto& stream : source)
    end = std::max(end, stream.timed ? stream.last_s : 0);
  if (end < media_.duration_s * longest_missing_share - longest_missing_s)
    warnings_.push_back("the input ends after " + std::to_string(end)
                        + " s; its header promises "
                        + std::to_string(media_.duration_s) + " s");
}

outcome<encode_report> pipeline::report() {
  counters_.verifying = true;
  encode_report result;
  for (auto& [index, to] : routes_) {
    auto tally = to.pictures ? to.pictures->tally()
                 : to.sound  ? to.sound->tally()
                             : to.tally;
    if (to.pictures && to.pictures->damaged() > 0)
      warnings_.push_back("video stream " + std::to_string(index) + ": "
                          + std::to_string(to.pictures->damaged())
                          + " pictures are damaged in the input");
    auto& info = media_.streams[index];
    tally.index = tally.source = index;
    tally.kind = info.kind;
    tally.codec = info.codec;
    tally.language = tag_value(info.tags, "language");
    for (auto& way : to.direct)
      if (way.converter)
        tally.errors += way.converter->errors();
    result.source.push_back(std::move(tally));
  }
  auto is_empty = [](const stream_tally& x) { return x.packets == 0; };
  if (std::all_of(result.source.begin(), result.source.end(), is_empty))
    return failure{ec::bad_input, "", "it holds no picture, sound or text",
                   "the file may be cut off; repair or replace it"};
  // The muxers go first: their files are complete, their memory is not needed.
  muxers_.clear();
  for (size_t i = 0; i < outputs_.size(); ++i) {
    std::vector<double> padding_s;
    for (auto& from : origins_[i])
      padding_s.push_back(from.padding_s);
    auto read = reread_output(outputs_[i].get(), limits_, padding_s, counters_);
    if (!read)
      return read.error();
    for (auto& stream : read->streams)
      if (stream.index < origins_[i].size())
        stream.source = origins_[i][stream.index].source;
    result.outputs.push_back(std::move(*read));
  }
  warn_of_missing_end(result.source);
  if (clock_.jumps() > 0)
    warnings_.push_back("the input's clock jumped "
                        + std::to_string(clock_.jumps())
                        + " times; its parts were joined without a gap");
  result.warnings = warnings_;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  result.peak_memory_bytes = static_cast<uint64_t>(peak_memory(usage));
  result.cpu_s = cpu_seconds(usage);
  return result;
}

} // namespace troupe::session
