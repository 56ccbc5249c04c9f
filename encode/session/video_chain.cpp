#include "encode/session/video_chain.hpp"

#include <algorithm>

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/mathematics.h>
}

namespace troupe::session {

namespace {

constexpr size_t most_packets = 64;
constexpr size_t most_packet_bytes = size_t{16} << 20;

/// Frames between two stages: enough that neither waits for the other's
/// slowest frame, few enough that 4K costs megabytes, not hundreds of them.
constexpr size_t most_frames = 6;
constexpr size_t most_frame_bytes = size_t{40} << 20;
constexpr size_t least_frames = 2;

size_t bytes_of(const AVFrame& frame) {
  auto bytes = av_image_get_buffer_size(
      static_cast<AVPixelFormat>(frame.format), frame.width, frame.height, 1);
  return static_cast<size_t>(std::max(bytes, 0));
}

/// The encoder decides about picture types; a source's I frames are its own.
void forget_coding(AVFrame& frame) {
  frame.pict_type = AV_PICTURE_TYPE_NONE;
  frame.key_frame = 0;
}

} // namespace

video_chain::video_chain(const AVStream& stream, decoder pictures,
                         uint32_t width, uint32_t height,
                         const std::vector<filter_step>& common,
                         std::vector<branch> branches, meters& counters,
                         stop_latch& stop)
    : stream_(stream), pictures_(std::move(pictures)), width_(width),
      height_(height), common_(common), branches_(std::move(branches)),
      counters_(counters), stop_(stop),
      packets_(most_packets, most_packet_bytes, 1),
      decoded_(most_frames, most_frame_bytes, least_frames) {
  for (size_t i = 0; i < branches_.size(); ++i)
    filtered_.push_back(std::make_unique<frame_queue>(
        most_frames, most_frame_bytes, least_frames));
  stop_.on_stop([this] {
    packets_.abort();
    decoded_.abort();
    for (auto& queue : filtered_)
      queue->abort();
  });
  tally_.index = tally_.source = static_cast<uint32_t>(stream.index);
  tally_.kind = stream_kind::video;
  tally_.codec = avcodec_get_name(stream.codecpar->codec_id);
}

bool video_chain::push(packet_ptr packet) {
  auto bytes = static_cast<size_t>(packet->size);
  return packets_.push(std::move(packet), bytes);
}

void video_chain::start(std::vector<std::jthread>& threads) {
  threads.emplace_back([this] { decode(); });
  threads.emplace_back([this] { filter(); });
  for (size_t i = 0; i < branches_.size(); ++i)
    threads.emplace_back([this, i] { encode(i); });
}

stream_tally video_chain::tally() const {
  auto result = tally_;
  result.errors = pictures_.errors();
  return result;
}

// -- decoding -----------------------------------------------------------------

/// Gives every frame a timestamp of its own: the decoder's, else one frame
/// after the last (raw streams have none at all).
void video_chain::set_timestamp(AVFrame& frame) {
  auto rate = stream_.avg_frame_rate.num > 0 ? stream_.avg_frame_rate
                                             : stream_.r_frame_rate;
  auto duration = frame.pkt_duration;
  if (duration <= 0 && rate.num > 0)
    duration = av_rescale_q(1, av_inv_q(rate), stream_.time_base);
  duration = std::max<int64_t>(duration, 1);
  auto pts = frame.best_effort_timestamp;
  if (pts == AV_NOPTS_VALUE)
    pts = last_pts_ == AV_NOPTS_VALUE ? 0 : last_pts_ + last_duration_;
  if (last_pts_ != AV_NOPTS_VALUE && pts <= last_pts_)
    pts = last_pts_ + 1;
  frame.pts = pts;
  frame.pkt_duration = duration;
  last_pts_ = pts;
  last_duration_ = duration;
}

bool video_chain::pass_on(frame_ptr frame) {
  set_timestamp(*frame);
  auto start = seconds(frame->pts, stream_.time_base);
  if (!tally_.timed)
    tally_.first_s = start;
  tally_.timed = true;
  tally_.last_s = start + seconds(frame->pkt_duration, stream_.time_base);
  ++tally_.frames;
  if (frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT))
    ++damaged_;
  ++counters_.frames_decoded;
  auto bytes = bytes_of(*frame);
  return decoded_.push(std::move(frame), bytes);
}

/// Passes on what the decoder has ready.
/// @returns false when the session is being stopped
outcome<bool> video_chain::decode_ready(frame_ptr& frame) {
  for (;;) {
    auto got = pictures_.receive(*frame);
    if (!got)
      return got.error();
    if (*got != received::item)
      return true;
    if (!pass_on(std::exchange(frame, make_frame())))
      return false;
  }
}

void video_chain::decode() {
  auto frame = make_frame();
  for (auto more = true; more;) {
    auto packet = packets_.pop();
    if (!packet && packets_.aborted())
      return;
    more = packet.has_value();
    if (more)
      ++tally_.packets;
    if (auto sent = pictures_.send(more ? packet->get() : nullptr); !sent)
      return stop_.fail(sent.error());
    auto passed = decode_ready(frame);
    if (!passed)
      return stop_.fail(passed.error());
    if (!*passed)
      return;
  }
  decoded_.close();
}

// -- filtering ----------------------------------------------------------------

outcome<void> video_chain::open_graph(const AVFrame& frame) {
  std::vector<const video_encode*> plans;
  for (auto& own : branches_)
    plans.push_back(own.plan);
  auto opened =
      filter_graph::open_video(frame, stream_.time_base, stream_.avg_frame_rate,
                               width_, height_, common_, plans);
  if (!opened)
    return opened.error();
  graph_ = std::make_unique<filter_graph>(std::move(*opened));
  return {};
}

/// Moves what the graph has ready to the encoders' queues, timestamps in each
/// encoder's own time base.
/// @returns false when the session is being stopped
outcome<bool> video_chain::drain_graph() {
  for (size_t i = 0; i < branches_.size(); ++i)
    for (;;) {
      auto frame = make_frame();
      auto got = graph_->pull(i, *frame);
      if (!got)
        return got.error();
      if (*got != received::item)
        break;
      auto to = branches_[i].encoder->time_base;
      frame->pts = av_rescale_q(frame->pts, graph_->time_base(i), to);
      frame->pkt_duration =
          av_rescale_q(frame->pkt_duration, stream_.time_base, to);
      ++counters_.frames_filtered;
      auto bytes = bytes_of(*frame);
      if (!filtered_[i]->push(std::move(frame), bytes))
        return false;
    }
  return true;
}

void video_chain::filter() {
  // A graph is made for one kind of picture; when the stream changes in its
  // middle, the old graph is emptied and another one made.
  while (auto frame = decoded_.pop()) {
    if (graph_ && !graph_->fits(**frame)) {
      if (auto ended = graph_->push(nullptr); !ended)
        return stop_.fail(ended.error());
      auto passed = drain_graph();
      if (!passed)
        return stop_.fail(passed.error());
      if (!*passed)
        return;
      graph_.reset();
    }
    if (!graph_)
      if (auto opened = open_graph(**frame); !opened)
        return stop_.fail(opened.error());
    if (auto pushed = graph_->push(frame->get()); !pushed)
      return stop_.fail(pushed.error());
    auto passed = drain_graph();
    if (!passed)
      return stop_.fail(passed.error());
    if (!*passed)
      return;
  }
  if (decoded_.aborted())
    return;
  if (graph_) {
    if (auto ended = graph_->push(nullptr); !ended)
      return stop_.fail(ended.error());
    auto passed = drain_graph();
    if (!passed)
      return stop_.fail(passed.error());
  }
  graph_.reset();
  for (auto& queue : filtered_)
    queue->close();
}

// -- encoding -----------------------------------------------------------------

/// Whether frames are repeated or left out, so that durations of the source no
/// longer hold.
bool video_chain::resampled() const {
  auto is_rate = [](const filter_step& step) {
    return step.kind == filter_kind::frame_rate;
  };
  return std::any_of(common_.begin(), common_.end(), is_rate)
         || std::any_of(branches_.begin(), branches_.end(), [&](auto& own) {
              return std::any_of(own.plan->steps.begin(), own.plan->steps.end(),
                                 is_rate);
            });
}

void video_chain::prepare(AVFrame& frame, const branch& own,
                          int64_t& last_pts) const {
  forget_coding(frame);
  frame.interlaced_frame = own.plan->field_order.empty() ? 0 : 1;
  if (frame.interlaced_frame)
    frame.top_field_first = own.plan->field_order == "tff";
  if (last_pts != AV_NOPTS_VALUE && frame.pts <= last_pts)
    frame.pts = last_pts + 1;
  last_pts = frame.pts;
  auto& rate = own.encoder->framerate;
  if ((resampled() || frame.pkt_duration <= 0) && rate.num > 0)
    frame.pkt_duration =
        av_rescale_q(1, av_inv_q(rate), own.encoder->time_base);
  frame.pkt_duration = std::max<int64_t>(frame.pkt_duration, 1);
}

/// @param frame null at the end
/// @param durations of the frames inside the encoder, by timestamp
/// @returns false when the session is being stopped
outcome<bool> video_chain::encode_frame(size_t index, AVFrame* frame,
                                        std::map<int64_t, int64_t>& durations) {
  auto& own = branches_[index];
  if (frame)
    durations[frame->pts] = frame->pkt_duration;
  if (auto rc = avcodec_send_frame(own.encoder.get(), frame);
      rc < 0 && rc != AVERROR_EOF)
    return av_failure(rc, "avcodec_send_frame", own.plan->encoder,
                      ec::internal);
  if (frame)
    ++counters_.frames_sent;
  for (;;) {
    auto packet = make_packet();
    auto got = receive_packet(*own.encoder, *packet);
    if (!got)
      return got.error();
    if (*got != received::item)
      return true;
    if (auto known = durations.find(packet->pts); known != durations.end()) {
      packet->duration = known->second;
      durations.erase(known);
    }
    if (index == 0)
      ++counters_.frames_encoded;
    if (!own.out->push(own.stream, std::move(packet), own.encoder->time_base))
      return false;
  }
}

void video_chain::encode(size_t index) {
  auto& own = branches_[index];
  std::map<int64_t, int64_t> durations;
  int64_t last_pts = AV_NOPTS_VALUE;
  for (auto more = true; more;) {
    auto frame = filtered_[index]->pop();
    if (!frame && filtered_[index]->aborted())
      return;
    more = frame.has_value();
    if (more)
      prepare(**frame, own, last_pts);
    else if (last_pts == AV_NOPTS_VALUE)
      return stop_.fail({ec::bad_input, "", "no picture of it can be decoded",
                         "repair or replace the file"});
    auto passed = encode_frame(index, more ? frame->get() : nullptr, durations);
    if (!passed)
      return stop_.fail(passed.error());
    if (!*passed)
      return;
  }
  own.out->finish(own.stream);
}

} // namespace troupe::session
