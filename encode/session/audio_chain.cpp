#include "encode/session/audio_chain.hpp"

#include <algorithm>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
#include <libavutil/samplefmt.h>
}

namespace troupe::session {

namespace {

constexpr size_t most_packets = 256;
constexpr size_t most_packet_bytes = size_t{4} << 20;

} // namespace

audio_chain::audio_chain(const AVStream& stream, decoder sound,
                         std::vector<branch> branches, meters& counters,
                         stop_latch& stop)
    : stream_(stream), sound_(std::move(sound)), counters_(counters),
      stop_(stop), packets_(most_packets, most_packet_bytes, 1) {
  auto clock = stream.codecpar->codec_id == AV_CODEC_ID_VORBIS
                   ? sample_aligner::source_clock::loose
                   : sample_aligner::source_clock::steady;
  for (auto& to : branches) {
    auto& encoder = *to.encoder;
    lanes_.push_back({std::move(to), nullptr, sample_aligner{encoder, clock}});
  }
  stop_.on_stop([this] { packets_.abort(); });
  tally_.index = tally_.source = static_cast<uint32_t>(stream.index);
  tally_.kind = stream_kind::audio;
  tally_.codec = avcodec_get_name(stream.codecpar->codec_id);
}

bool audio_chain::push(packet_ptr packet) {
  auto bytes = static_cast<size_t>(packet->size);
  return packets_.push(std::move(packet), bytes);
}

void audio_chain::start(std::vector<std::jthread>& threads) {
  threads.emplace_back([this] { run(); });
}

stream_tally audio_chain::tally() const {
  auto result = tally_;
  result.errors = sound_.errors();
  return result;
}

/// Counts a decoded frame and gives it a timestamp where it has none.
void audio_chain::note(AVFrame& frame) {
  auto pts = frame.best_effort_timestamp != AV_NOPTS_VALUE
                 ? frame.best_effort_timestamp
                 : frame.pts;
  if (pts == AV_NOPTS_VALUE)
    pts = next_pts_ == AV_NOPTS_VALUE ? 0 : next_pts_;
  frame.pts = pts;
  auto duration = static_cast<double>(frame.nb_samples) / frame.sample_rate;
  next_pts_ = pts
              + av_rescale_q(frame.nb_samples, {1, frame.sample_rate},
                             stream_.time_base);
  auto start = seconds(pts, stream_.time_base);
  if (!tally_.timed)
    tally_.first_s = start;
  tally_.timed = true;
  tally_.last_s = std::max(tally_.last_s, start + duration);
  ++tally_.frames;
  counters_.samples_decoded += static_cast<uint64_t>(frame.nb_samples);
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
    av_channel_layout_default(&frame.ch_layout, frame.ch_layout.nb_channels);
}

outcome<bool> audio_chain::decode_ready() {
  auto frame = make_frame();
  for (;;) {
    auto got = sound_.receive(*frame);
    if (!got)
      return got.error();
    if (*got != received::item)
      return true;
    if (frame->nb_samples <= 0 || frame->sample_rate <= 0)
      continue;
    note(*frame);
    for (auto& x : lanes_) {
      auto passed = feed(x, *frame);
      if (!passed || !*passed)
        return passed;
    }
    av_frame_unref(frame.get());
  }
}

outcome<bool> audio_chain::feed(lane& x, const AVFrame& frame) {
  if (x.graph && !x.graph->fits(frame)) {
    auto passed = flush_graph(x);
    if (!passed || !*passed)
      return passed;
  }
  if (!x.graph) {
    auto opened =
        filter_graph::open_audio(frame, stream_.time_base, *x.to.plan);
    if (!opened)
      return opened.error();
    x.graph = std::make_unique<filter_graph>(std::move(*opened));
  }
  frame_ptr copy{av_frame_clone(&frame)};
  if (!copy)
    throw std::bad_alloc{};
  if (auto pushed = x.graph->push(copy.get()); !pushed)
    return pushed.error();
  return drain_graph(x);
}

outcome<bool> audio_chain::flush_graph(lane& x) {
  if (!x.graph)
    return true;
  if (auto ended = x.graph->push(nullptr); !ended)
    return ended.error();
  auto passed = drain_graph(x);
  x.graph.reset();
  return passed;
}

outcome<bool> audio_chain::drain_graph(lane& x) {
  auto frame = make_frame();
  for (;;) {
    auto got = x.graph->pull(0, *frame);
    if (!got)
      return got.error();
    if (*got != received::item)
      return true;
    if (frame->pts != AV_NOPTS_VALUE)
      frame->pts = av_rescale_q(frame->pts, x.graph->time_base(0),
                                x.to.encoder->time_base);
    x.aligner.push(*frame);
    av_frame_unref(frame.get());
    auto passed = encode_ready(x, false);
    if (!passed || !*passed)
      return passed;
  }
}

outcome<bool> audio_chain::encode_ready(lane& x, bool flushing) {
  for (;;) {
    auto frame = x.aligner.pop(flushing);
    if (!frame)
      return true;
    auto passed = encode_frame(x, frame.get());
    if (!passed || !*passed)
      return passed;
  }
}

outcome<bool> audio_chain::encode_frame(lane& x, const AVFrame* frame) {
  auto& encoder = *x.to.encoder;
  if (auto rc = avcodec_send_frame(&encoder, frame);
      rc < 0 && rc != AVERROR_EOF)
    return av_failure(rc, "avcodec_send_frame", x.to.plan->encoder,
                      ec::internal);
  for (;;) {
    auto packet = make_packet();
    auto got = receive_packet(encoder, *packet);
    if (!got)
      return got.error();
    if (*got != received::item)
      return true;
    for (auto& [out, stream] : x.to.targets) {
      packet_ptr copy{av_packet_clone(packet.get())};
      if (!copy)
        throw std::bad_alloc{};
      if (!out->push(stream, std::move(copy), encoder.time_base))
        return false;
    }
  }
}

void audio_chain::run() {
  for (auto more = true; more;) {
    auto packet = packets_.pop();
    if (!packet && packets_.aborted())
      return;
    more = packet.has_value();
    if (more)
      ++tally_.packets;
    if (auto sent = sound_.send(more ? packet->get() : nullptr); !sent)
      return stop_.fail(sent.error());
    auto passed = decode_ready();
    if (!passed)
      return stop_.fail(passed.error());
    if (!*passed)
      return;
  }
  for (auto& x : lanes_) {
    auto passed = flush_graph(x);
    if (passed && *passed)
      passed = encode_ready(x, true);
    if (passed && *passed)
      passed = encode_frame(x, nullptr);
    if (!passed)
      return stop_.fail(passed.error());
    if (!*passed)
      return;
    for (auto& [out, stream] : x.to.targets)
      out->finish(stream);
  }
}

} // namespace troupe::session
