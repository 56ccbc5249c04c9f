#include "encode/session/decoder.hpp"

namespace troupe::session {

namespace {

/// Damage that a decoder survives; anything else ends the session.
bool survivable(int rc) {
  return rc != AVERROR(ENOMEM);
}

} // namespace

outcome<decoder> decoder::open(const AVStream& stream, uint32_t threads,
                               uint64_t max_pixels) {
  auto name = avcodec_get_name(stream.codecpar->codec_id);
  auto codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (!codec)
    return failure{ec::bad_input, std::string{"stream "} + name,
                   "no decoder for it", "convert the file first"};
  decoder result;
  result.codec_.reset(avcodec_alloc_context3(codec));
  if (!result.codec_)
    throw std::bad_alloc{};
  auto& context = *result.codec_;
  if (auto rc = avcodec_parameters_to_context(&context, stream.codecpar);
      rc < 0)
    return av_failure(rc, "avcodec_parameters_to_context", name, ec::bad_input);
  context.pkt_timebase = stream.time_base;
  context.framerate = stream.avg_frame_rate;
  context.thread_count = static_cast<int>(threads);
  context.max_pixels = static_cast<int64_t>(max_pixels);
  if (auto rc = avcodec_open2(&context, codec, nullptr); rc < 0)
    return av_failure(rc, "avcodec_open2", name, ec::bad_input);
  return result;
}

outcome<void> decoder::send(const AVPacket* packet) {
  auto rc = avcodec_send_packet(codec_.get(), packet);
  if (rc >= 0 || rc == AVERROR_EOF)
    return {};
  if (!survivable(rc))
    return av_failure(rc, "avcodec_send_packet", codec_->codec->name,
                      ec::bad_input);
  ++errors_;
  return {};
}

outcome<received> decoder::receive(AVFrame& frame) {
  for (;;) {
    switch (auto rc = avcodec_receive_frame(codec_.get(), &frame); rc) {
      case 0:
        return received::item;
      case AVERROR(EAGAIN):
        return received::needs_input;
      case AVERROR_EOF:
        return received::finished;
      default:
        if (!survivable(rc))
          return av_failure(rc, "avcodec_receive_frame", codec_->codec->name,
                            ec::bad_input);
        // With frame threads an error belongs to one frame of many; the next
        // call goes on. Every call consumes something, so this ends.
        ++errors_;
        break;
    }
  }
}

} // namespace troupe::session
