#include "encode/session/muxer.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace troupe::session {

namespace {

constexpr size_t most_queued = 512;
constexpr size_t most_queued_bytes = size_t{16} << 20;

/// Held back to keep streams in order. A file whose sound comes minutes after
/// its picture needs more; there the order of the result gives way.
constexpr size_t most_held_bytes = size_t{64} << 20;

constexpr const char* output_url = "output";

/// How far a transport stream's clock runs ahead of its packets, so that a
/// player has them before it needs them. What the ffmpeg command sets.
constexpr int transport_delay_us = 700'000;

/// Muxers want decoding times that grow and don't pass the presentation.
/// Rounding to the container's clock may put two packets on one tick, and
/// demuxers guess where a copied stream leaves times out.
void order_timestamps(AVPacket& packet, int64_t last_dts) {
  if (packet.dts == AV_NOPTS_VALUE)
    return;
  if (packet.pts != AV_NOPTS_VALUE && packet.pts < packet.dts)
    packet.dts = packet.pts;
  if (last_dts != AV_NOPTS_VALUE && packet.dts <= last_dts)
    packet.dts = last_dts + 1;
  if (packet.pts != AV_NOPTS_VALUE && packet.pts < packet.dts)
    packet.pts = packet.dts;
}

} // namespace

muxer::muxer(meters& counters, bool first)
    : counters_(counters), first_(first),
      queue_(most_queued, most_queued_bytes, 1) {}

outcome<std::unique_ptr<muxer>> muxer::open(const output_plan& plan, int fd,
                                            meters& counters, bool first) {
  std::unique_ptr<muxer> result{new muxer(counters, first)};
  AVFormatContext* raw = nullptr;
  if (auto rc = avformat_alloc_output_context2(&raw, nullptr,
                                               plan.muxer.c_str(), output_url);
      rc < 0)
    return av_failure(rc, "avformat_alloc_output_context2", plan.muxer,
                      ec::internal);
  result->io_ = std::make_unique<descriptor_io>(fd, descriptor_io::mode::write,
                                                counters.bytes_written);
  result->format_.reset(raw);
  raw->pb = result->io_->context();
  raw->opaque = result.get();
  raw->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
  raw->max_delay = transport_delay_us;
  raw->io_open = open_for_shift;
  raw->io_close2 = close_after_shift;
  return result;
}

bool muxer::wants_global_header() const {
  return (format_->oformat->flags & AVFMT_GLOBALHEADER) != 0;
}

AVStream& muxer::add_stream() {
  auto stream = avformat_new_stream(format_.get(), nullptr);
  if (!stream)
    throw std::bad_alloc{};
  last_dts_.push_back(AV_NOPTS_VALUE);
  timed_.push_back(true);
  return *stream;
}

void muxer::add_picture(int stream, packet_ptr picture) {
  timed_[static_cast<size_t>(stream)] = false;
  pictures_.emplace_back(stream, std::move(picture));
}

/// mp4's index moves to the front at the end: the muxer then reads its own
/// output while it writes it. It may open that, and nothing else.
int muxer::open_for_shift(AVFormatContext* format, AVIOContext** io,
                          const char* url, int flags, AVDictionary**) {
  if (flags != AVIO_FLAG_READ || std::strcmp(url, output_url) != 0)
    return AVERROR(EPERM);
  auto self = static_cast<muxer*>(format->opaque);
  auto reader = new descriptor_io(self->io_->fd(), descriptor_io::mode::read,
                                  self->counters_.bytes_checked);
  *io = reader->context();
  return 0;
}

int muxer::close_after_shift(AVFormatContext*, AVIOContext* io) {
  delete static_cast<descriptor_io*>(io->opaque);
  return 0;
}

outcome<void> muxer::start(const std::vector<option>& options) {
  auto streams = format_->nb_streams;
  for (unsigned i = 0; i < streams; ++i)
    if (format_->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_ATTACHMENT)
      timed_[i] = false;
  dictionary values;
  for (auto& entry : options)
    values.set(entry.name.c_str(), entry.value);
  auto rc = avformat_write_header(format_.get(), values.out());
  if (rc < 0)
    return av_failure(rc, "avformat_write_header", format_->oformat->name,
                      ec::impossible_job);
  order_ = std::make_unique<interleaver<packet_ptr>>(streams, most_held_bytes);
  for (unsigned i = 0; i < streams; ++i) {
    if (timed_[i])
      ++unfinished_;
    else
      order_->finish(i);
  }
  for (auto& [stream, picture] : pictures_)
    if (auto written = write(stream, *picture); !written)
      return written;
  pictures_.clear();
  return {};
}

bool muxer::push(int stream, packet_ptr packet, AVRational time_base) {
  auto& out = *format_->streams[stream];
  av_packet_rescale_ts(packet.get(), time_base, out.time_base);
  packet->time_base = out.time_base;
  auto time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
  auto time_us = time == AV_NOPTS_VALUE
                     ? INT64_MIN
                     : av_rescale_q(time, out.time_base, AV_TIME_BASE_Q);
  auto bytes = static_cast<size_t>(packet->size);
  return queue_.push({item::what::packet, stream, std::move(packet), time_us},
                     bytes);
}

bool muxer::advance(int stream, int64_t time_us) {
  return queue_.push({item::what::advance, stream, nullptr, time_us}, 0);
}

bool muxer::finish(int stream) {
  return queue_.push({item::what::finish, stream, nullptr, 0}, 0);
}

void muxer::take(item x) {
  auto stream = static_cast<size_t>(x.stream);
  switch (x.kind) {
    case item::what::packet: {
      auto bytes = static_cast<size_t>(x.packet->size);
      order_->push(stream, x.time_us, std::move(x.packet), bytes);
      break;
    }
    case item::what::advance:
      order_->advance(stream, x.time_us);
      break;
    case item::what::finish:
      order_->finish(stream);
      --unfinished_;
      break;
  }
}

outcome<void> muxer::write(int stream, AVPacket& packet) {
  auto& out = *format_->streams[stream];
  auto& last = last_dts_[static_cast<size_t>(stream)];
  if (out.codecpar->codec_type != AVMEDIA_TYPE_SUBTITLE)
    order_timestamps(packet, last);
  if (packet.dts != AV_NOPTS_VALUE)
    last = packet.dts;
  auto position = seconds(last, out.time_base);
  packet.stream_index = stream;
  if (auto rc = av_write_frame(format_.get(), &packet); rc < 0)
    return av_failure(rc, "av_write_frame", format_->oformat->name,
                      ec::io_error);
  if (first_ && position > counters_.position_s)
    counters_.position_s = position;
  return {};
}

outcome<void> muxer::write_ready() {
  while (auto next = order_->pop())
    if (auto written = write(static_cast<int>(next->first), *next->second);
        !written)
      return written;
  return {};
}

outcome<void> muxer::end() {
  auto rc = av_write_trailer(format_.get());
  avio_flush(format_->pb);
  if (rc >= 0 && format_->pb->error < 0)
    rc = format_->pb->error;
  // faststart reads and writes through more than one context; the first error
  // of any of them is the truth.
  if (rc >= 0 && io_->first_error() != 0)
    rc = AVERROR(io_->first_error());
  if (rc < 0)
    return av_failure(rc, "av_write_trailer", format_->oformat->name,
                      ec::io_error);
  if (::fsync(io_->fd()) != 0)
    return av_failure(AVERROR(errno), "fsync", "", ec::io_error);
  return {};
}

void muxer::run(stop_latch& stop) {
  while (unfinished_ > 0) {
    auto next = queue_.pop();
    if (!next)
      return; // aborted
    take(std::move(*next));
    if (auto written = write_ready(); !written)
      return stop.fail(written.error());
  }
  if (auto ended = end(); !ended)
    stop.fail(ended.error());
}

} // namespace troupe::session
