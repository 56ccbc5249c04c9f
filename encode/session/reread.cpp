#include "encode/session/reread.hpp"

#include <algorithm>
#include <optional>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

#include "encode/session/sha256.hpp"

namespace troupe::session {

namespace {

/// Adds up one stream's packets.
class stream_counter {
public:
  stream_counter(const AVStream& stream, double padding_s)
      : stream_(stream), padding_s_(padding_s) {
    auto& parameters = *stream.codecpar;
    tally_.index = static_cast<uint32_t>(stream.index);
    tally_.codec = avcodec_get_name(parameters.codec_id);
    tally_.kind =
        parameters.codec_type == AVMEDIA_TYPE_VIDEO      ? stream_kind::video
        : parameters.codec_type == AVMEDIA_TYPE_AUDIO    ? stream_kind::audio
        : parameters.codec_type == AVMEDIA_TYPE_SUBTITLE ? stream_kind::subtitle
        : parameters.codec_type == AVMEDIA_TYPE_ATTACHMENT
            ? stream_kind::attachment
            : stream_kind::data;
    tally_.language = tag_value(from_av(stream.metadata), "language");
  }

  void add(const AVPacket& packet) {
    ++tally_.packets;
    if (packet.flags & AV_PKT_FLAG_DISCARD) {
      says_padding_ = true; // an edit list leaves it out
      return;
    }
    ++tally_.frames;
    if (packet.pts == AV_NOPTS_VALUE)
      return;
    auto rate = std::max(stream_.codecpar->sample_rate, 1);
    auto [skip_start, skip_end] = skipped_samples(packet);
    says_padding_ = says_padding_ || skip_start > 0;
    auto start = seconds(packet.pts, stream_.time_base)
                 + static_cast<double>(skip_start) / rate;
    auto end = seconds(packet.pts + packet.duration, stream_.time_base)
               - static_cast<double>(skip_end) / rate;
    tally_.first_s = tally_.timed ? std::min(tally_.first_s, start) : start;
    tally_.last_s = tally_.timed ? std::max(tally_.last_s, end) : end;
    tally_.timed = true;
  }

  stream_tally result() const {
    auto result = tally_;
    if (result.timed && !says_padding_)
      result.first_s += padding_s_;
    return result;
  }

private:
  const AVStream& stream_;
  double padding_s_;
  bool says_padding_ = false;
  stream_tally tally_;
};

outcome<void> count_packets(packet_source& source,
                            std::vector<stream_counter>& streams,
                            const std::vector<double>& padding_s) {
  for (;;) {
    auto packet = make_packet();
    auto rc = source.read(*packet);
    if (rc == AVERROR_EOF)
      return {};
    if (rc < 0)
      return av_failure(rc, "av_read_frame", "", ec::verification_failed);
    auto index = static_cast<size_t>(packet->stream_index);
    // Transport streams show their streams as they go.
    while (streams.size() <= index)
      streams.emplace_back(
          *source.stream(static_cast<uint32_t>(streams.size())),
          streams.size() < padding_s.size() ? padding_s[streams.size()] : 0);
    streams[index].add(*packet);
  }
}

outcome<output_report> read_streams(int fd, const session_limits& limits,
                                    const std::vector<double>& padding_s,
                                    meters& counters) {
  auto source =
      packet_source::open(descriptor{::dup(fd)}, limits, counters.bytes_checked,
                          packet_source::depth::header);
  if (!source) {
    auto error = source.error();
    if (error.code == ec::bad_input)
      error.code = ec::verification_failed;
    error.cause = "the result can't be read: " + error.cause;
    error.advice = "report this";
    return error;
  }
  std::vector<stream_counter> streams;
  for (uint32_t i = 0; i < (*source)->streams(); ++i)
    streams.emplace_back(*(*source)->stream(i),
                         i < padding_s.size() ? padding_s[i] : 0);
  if (auto counted = count_packets(**source, streams, padding_s); !counted)
    return counted.error();
  output_report result;
  result.chapters = (*source)->format()->nb_chapters;
  double start = 0;
  auto any = false;
  for (auto& stream : streams) {
    result.streams.push_back(stream.result());
    auto& tally = result.streams.back();
    if (tally.kind == stream_kind::attachment)
      ++result.attachments;
    if (!tally.timed)
      continue;
    start = any ? std::min(start, tally.first_s) : tally.first_s;
    any = true;
  }
  // Transport streams begin at 1.4 s of their own clock; ours begins at 0.
  if ((*source)->format()->iformat->flags & AVFMT_TS_DISCONT)
    for (auto& tally : result.streams) {
      tally.first_s -= start;
      tally.last_s -= start;
    }
  for (auto& tally : result.streams)
    if (tally.timed)
      result.duration_s = std::max(result.duration_s, tally.last_s);
  return result;
}

} // namespace

outcome<output_report> reread_output(int fd, const session_limits& limits,
                                     const std::vector<double>& padding_s,
                                     meters& counters) {
  std::optional<outcome<std::string>> digest;
  // Both read the same bytes; together they come from the page cache.
  std::jthread digesting{
      [&] { digest = sha256_of(fd, counters.bytes_checked); }};
  auto result = read_streams(fd, limits, padding_s, counters);
  digesting.join();
  if (!result)
    return result;
  if (!*digest)
    return digest->error();
  result->sha256 = **digest;
  struct stat status {};
  if (::fstat(fd, &status) == 0)
    result->size_bytes = static_cast<uint64_t>(status.st_size);
  return result;
}

} // namespace troupe::session
