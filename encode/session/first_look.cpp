#include "encode/session/first_look.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace troupe::session {

namespace {

/// Enough timestamps to tell a rate by; two seconds of most material.
constexpr size_t enough_timestamps = 48;

/// Packets of the video stream after which decoding a picture is given up.
constexpr size_t most_decoded = 64;

/// Decodes until the first picture comes out.
class picture_finder {
public:
  explicit picture_finder(const AVStream& stream) {
    auto codec = avcodec_find_decoder(stream.codecpar->codec_id);
    if (!codec)
      return;
    decoder_.reset(avcodec_alloc_context3(codec));
    if (!decoder_
        || avcodec_parameters_to_context(decoder_.get(), stream.codecpar) < 0) {
      decoder_.reset();
      return;
    }
    decoder_->thread_count = 1;
    decoder_->pkt_timebase = stream.time_base;
    if (avcodec_open2(decoder_.get(), codec, nullptr) < 0)
      decoder_.reset();
  }

  /// @param packet null at the end of what can be looked at
  void feed(const AVPacket* packet) {
    if (!wants_more() || fed_++ > most_decoded)
      return;
    if (avcodec_send_packet(decoder_.get(), packet) < 0)
      return; // damage is the pipeline's to count
    auto frame = make_frame();
    if (avcodec_receive_frame(decoder_.get(), frame.get()) == 0)
      found_ = std::move(frame);
  }

  bool wants_more() const { return decoder_ && !found_; }

  frame_ptr take() { return std::move(found_); }

private:
  codec_ptr decoder_;
  frame_ptr found_;
  size_t fed_ = 0;
};

/// All timestamps are multiples of 1/rate apart, within the stream's own
/// rounding.
bool on_grid(const std::vector<int64_t>& sorted, AVRational time_base,
             AVRational rate) {
  if (rate.num <= 0 || rate.den <= 0)
    return false;
  auto frames_per_tick = av_q2d(time_base) * av_q2d(rate);
  // One tick of rounding on either end, and it must be small against a frame.
  auto tolerance = frames_per_tick * 1.01 + 1e-4;
  if (tolerance > 0.2)
    return false;
  double last_slot = -1;
  for (auto timestamp : sorted) {
    auto frames =
        static_cast<double>(timestamp - sorted.front()) * frames_per_tick;
    auto slot = std::round(frames);
    if (std::abs(frames - slot) > tolerance || slot == last_slot)
      return false;
    last_slot = slot;
  }
  return true;
}

/// Decoding times of the whole index, where the container brought one that
/// covers every frame.
std::vector<int64_t> index_timestamps(AVStream& stream) {
  std::vector<int64_t> result;
  auto count = avformat_index_get_entries_count(&stream);
  if (stream.nb_frames <= 0 || count < stream.nb_frames)
    return result;
  for (int i = 0; i < count; ++i)
    result.push_back(avformat_index_get_entry(&stream, i)->timestamp);
  return result;
}

void find_rate(first_look& look, AVStream& stream,
               std::vector<int64_t> timestamps) {
  std::sort(timestamps.begin(), timestamps.end());
  // One picture has any rate; two prove nothing but break nothing either.
  for (auto rate : {stream.avg_frame_rate, stream.r_frame_rate}) {
    // A rate out of a header's time base (57600, 90000) is none.
    if (av_q2d(rate) > 480 || !on_grid(timestamps, stream.time_base, rate))
      continue;
    look.constant_rate = true;
    look.rate = rate;
    return;
  }
}

} // namespace

first_look look_at_video(packet_source& source, int video) {
  first_look result;
  auto& stream = *source.stream(static_cast<uint32_t>(video));
  picture_finder pictures{stream};
  auto timestamps = index_timestamps(stream);
  auto from_index = !timestamps.empty();
  while (pictures.wants_more()
         || (!from_index && timestamps.size() < enough_timestamps)) {
    auto packet = source.look_ahead();
    if (!packet) {
      pictures.feed(nullptr);
      break;
    }
    if (packet->stream_index != video)
      continue;
    pictures.feed(packet);
    if (!from_index) {
      auto timestamp =
          packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
      if (timestamp != AV_NOPTS_VALUE)
        timestamps.push_back(timestamp);
    }
  }
  if (!timestamps.empty())
    find_rate(result, stream, std::move(timestamps));
  result.picture = pictures.take();
  return result;
}

} // namespace troupe::session
