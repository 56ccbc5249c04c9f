#include "encode/session/subtitle_chain.hpp"

#include <cstring>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace troupe::session {

namespace {

/// More text than any screen holds; longer events are cut by the encoder's
/// refusal and counted.
constexpr int most_bytes = 256 << 10;

constexpr AVRational milliseconds{1, 1000};

/// Frees what avcodec_decode_subtitle2 filled in.
struct decoded_subtitle {
  AVSubtitle value{};
  ~decoded_subtitle() { avsubtitle_free(&value); }
};

} // namespace

outcome<subtitle_chain> subtitle_chain::open(const AVStream& stream,
                                             const std::string& encoder,
                                             muxer& out, int out_stream) {
  subtitle_chain result;
  result.out_ = &out;
  result.stream_ = out_stream;
  auto name = avcodec_get_name(stream.codecpar->codec_id);
  auto from = avcodec_find_decoder(stream.codecpar->codec_id);
  auto to = avcodec_find_encoder_by_name(encoder.c_str());
  if (!from || !to)
    return failure{ec::encoder_unavailable, from ? encoder : name,
                   "this build of libavcodec doesn't have it", ""};
  result.decoder_.reset(avcodec_alloc_context3(from));
  result.encoder_.reset(avcodec_alloc_context3(to));
  if (!result.decoder_ || !result.encoder_)
    throw std::bad_alloc{};
  auto& decoder = *result.decoder_;
  if (auto rc = avcodec_parameters_to_context(&decoder, stream.codecpar);
      rc < 0)
    return av_failure(rc, "avcodec_parameters_to_context", name, ec::bad_input);
  decoder.pkt_timebase = stream.time_base;
  if (auto rc = avcodec_open2(&decoder, from, nullptr); rc < 0)
    return av_failure(rc, "avcodec_open2", name, ec::bad_input);
  auto& target = *result.encoder_;
  target.time_base = milliseconds;
  target.flags |= AV_CODEC_FLAG_BITEXACT;
  // Between them, text subtitles speak ASS: its header describes the styles.
  if (decoder.subtitle_header) {
    auto size = static_cast<size_t>(decoder.subtitle_header_size);
    target.subtitle_header = static_cast<uint8_t*>(av_mallocz(size + 1));
    if (!target.subtitle_header)
      throw std::bad_alloc{};
    std::memcpy(target.subtitle_header, decoder.subtitle_header, size);
    target.subtitle_header_size = decoder.subtitle_header_size;
  }
  if (auto rc = avcodec_open2(&target, to, nullptr); rc < 0)
    return av_failure(rc, "avcodec_open2", encoder, ec::encoder_unavailable);
  return result;
}

outcome<bool> subtitle_chain::push(AVPacket& packet, AVRational time_base) {
  decoded_subtitle text;
  int got = 0;
  if (avcodec_decode_subtitle2(decoder_.get(), &text.value, &got, &packet)
      < 0) {
    ++errors_;
    return true;
  }
  if (!got || text.value.num_rects == 0)
    return true;
  auto converted = make_packet();
  if (av_new_packet(converted.get(), most_bytes) < 0)
    throw std::bad_alloc{};
  auto shown_ms =
      text.value.end_display_time > text.value.start_display_time
          ? text.value.end_display_time - text.value.start_display_time
          : av_rescale_q(packet.duration, time_base, milliseconds);
  auto start = av_rescale_q(packet.pts, time_base, milliseconds)
               + text.value.start_display_time;
  // The encoders write times relative to pts; ours is the packet's.
  text.value.pts = av_rescale_q(start, milliseconds, AV_TIME_BASE_Q);
  text.value.end_display_time = static_cast<uint32_t>(shown_ms);
  text.value.start_display_time = 0;
  auto size = avcodec_encode_subtitle(encoder_.get(), converted->data,
                                      most_bytes, &text.value);
  if (size <= 0) {
    errors_ += size < 0 ? 1 : 0;
    return true;
  }
  av_shrink_packet(converted.get(), size);
  converted->pts = converted->dts = start;
  converted->duration = shown_ms;
  converted->flags |= AV_PKT_FLAG_KEY;
  return out_->push(stream_, std::move(converted), milliseconds);
}

} // namespace troupe::session
