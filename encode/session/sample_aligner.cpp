#include <algorithm>
#include <cmath>

#include "encode/session/audio_chain.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
}

namespace troupe::session {

namespace {

/// Container clocks round (matroska and flv to 1 ms, some worse); below this a
/// difference is rounding, above it sound is missing or there twice. Half of
/// what people notice, and under the 20 ms that the verification allows.
constexpr double jitter_s = 0.015;

/// Vorbis has short and long blocks, and muxers don't agree on which sample of
/// an overlap a timestamp means: 20 ms to and fro in files that are whole.
constexpr double loose_jitter_s = 0.05;

/// Rounding goes both ways; an offset to one side over so many frames in a row
/// is one (a recording whose parts were joined), however small.
constexpr double offset_s = 0.004;
constexpr int offset_frames = 12;

/// A gap of more than this is a broken clock, not silence.
constexpr double longest_gap_s = 6 * 3600;

/// Encoders without a frame size of their own (PCM) get this.
constexpr int usual_frame_size = 1024;

} // namespace

sample_aligner::sample_aligner(const AVCodecContext& encoder,
                               source_clock clock)
    : format_(encoder.sample_fmt), channels_(encoder.ch_layout.nb_channels),
      sample_rate_(encoder.sample_rate), clock_(clock),
      frame_size_(encoder.frame_size > 0 ? encoder.frame_size
                                         : usual_frame_size),
      layout_(encoder.ch_layout),
      fifo_(av_audio_fifo_alloc(format_, channels_, frame_size_ * 2)) {
  if (!fifo_)
    throw std::bad_alloc{};
}

bool sample_aligner::is_off(int64_t gap) {
  auto off_s = static_cast<double>(gap) / sample_rate_;
  if (clock_ == source_clock::loose)
    return std::abs(off_s) > loose_jitter_s;
  if (std::abs(off_s) <= offset_s)
    off_in_a_row_ = 0;
  else if (off_s > 0)
    off_in_a_row_ = std::max(off_in_a_row_, 0) + 1;
  else
    off_in_a_row_ = std::min(off_in_a_row_, 0) - 1;
  return std::abs(off_s) > jitter_s || std::abs(off_in_a_row_) >= offset_frames;
}

void sample_aligner::push(const AVFrame& frame) {
  auto pts = frame.pts != AV_NOPTS_VALUE  ? frame.pts
             : next_in_ != AV_NOPTS_VALUE ? next_in_
                                          : 0;
  if (next_in_ == AV_NOPTS_VALUE)
    next_in_ = next_out_ = pts;
  auto gap = pts - next_in_;
  skip_ = 0;
  if (is_off(gap)) {
    off_in_a_row_ = 0;
    if (gap > 0 && static_cast<double>(gap) < longest_gap_s * sample_rate_)
      silence_left_ = gap;
    else if (gap < 0)
      skip_ = static_cast<int>(std::min<int64_t>(-gap, frame.nb_samples));
  }
  next_in_ += silence_left_ + frame.nb_samples - skip_;
  waiting_.reset(av_frame_clone(&frame));
  if (!waiting_)
    throw std::bad_alloc{};
}

frame_ptr sample_aligner::pop(bool flushing) {
  fill();
  auto held = av_audio_fifo_size(fifo_.get());
  if (held < frame_size_ && !(flushing && held > 0))
    return nullptr;
  auto frame = make_samples(std::min(held, frame_size_));
  av_audio_fifo_read(fifo_.get(),
                     reinterpret_cast<void**>(frame->extended_data),
                     frame->nb_samples);
  frame->pts = next_out_;
  next_out_ += frame->nb_samples;
  return frame;
}

/// Brings a frame's worth of samples into the fifo: what it holds, then the
/// silence that is due, then the sound behind it. A gap of hours is made piece
/// by piece.
void sample_aligner::fill() {
  auto missing = frame_size_ - av_audio_fifo_size(fifo_.get());
  if (missing > 0 && silence_left_ > 0)
    write_silence(static_cast<int>(std::min<int64_t>(missing, silence_left_)));
  if (silence_left_ == 0 && waiting_)
    write_waiting();
}

void sample_aligner::write(uint8_t** samples, int count) {
  if (av_audio_fifo_write(fifo_.get(), reinterpret_cast<void**>(samples), count)
      < count)
    throw std::bad_alloc{};
}

void sample_aligner::write_silence(int count) {
  auto frame = make_samples(count);
  av_samples_set_silence(frame->extended_data, 0, count, channels_, format_);
  write(frame->extended_data, count);
  silence_left_ -= count;
}

void sample_aligner::write_waiting() {
  auto frame = std::exchange(waiting_, nullptr);
  auto planar = av_sample_fmt_is_planar(format_) != 0;
  auto step = static_cast<ptrdiff_t>(av_get_bytes_per_sample(format_))
              * (planar ? 1 : channels_);
  std::vector<uint8_t*> from(static_cast<size_t>(planar ? channels_ : 1));
  for (size_t i = 0; i < from.size(); ++i)
    from[i] = frame->extended_data[i] + skip_ * step;
  if (skip_ < frame->nb_samples)
    write(from.data(), frame->nb_samples - skip_);
}

frame_ptr sample_aligner::make_samples(int count) const {
  auto frame = make_frame();
  frame->format = format_;
  frame->nb_samples = count;
  frame->sample_rate = sample_rate_;
  if (av_channel_layout_copy(&frame->ch_layout, &layout_) < 0
      || av_frame_get_buffer(frame.get(), 0) < 0)
    throw std::bad_alloc{};
  return frame;
}

} // namespace troupe::session
