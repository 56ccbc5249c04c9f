#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "encode/session/bounded_queue.hpp"
#include "encode/session/decoder.hpp"
#include "encode/session/encoders.hpp"
#include "encode/session/meters.hpp"
#include "encode/session/muxer.hpp"
#include "encode/session/stop_latch.hpp"
#include "messages/plan.hpp"
#include "messages/report.hpp"

namespace troupe::session {

/// Sound between decoder and encoder: keeps samples on the source's clock and
/// cuts them to the encoder's frame size. Silence fills what is missing, what
/// comes twice is left out; jitter of container timestamps is neither.
class sample_aligner {
public:
  /// How far the source's timestamps can be trusted.
  enum class source_clock {
    steady, ///< rounded by the container, no worse
    loose,  ///< off by up to a block from packet to packet (Vorbis)
  };

  sample_aligner(const AVCodecContext& encoder, source_clock clock);

  /// Takes converted sound in; everything that `pop` has must be taken first.
  /// @param frame pts in samples, or none
  void push(const AVFrame& frame);

  /// A frame for the encoder; null when not enough is there.
  /// @param flushing the last, shorter frame is wanted too
  frame_ptr pop(bool flushing);

private:
  bool is_off(int64_t gap);
  void fill();
  void write(uint8_t** samples, int count);
  void write_silence(int count);
  void write_waiting();
  frame_ptr make_samples(int count) const;

  AVSampleFormat format_;
  int channels_;
  int sample_rate_;
  source_clock clock_;
  int frame_size_;
  const AVChannelLayout& layout_;
  fifo_ptr fifo_;
  int64_t next_in_ = AV_NOPTS_VALUE;  ///< pts that the next sample should have
  int64_t next_out_ = AV_NOPTS_VALUE; ///< pts of the fifo's first sample
  int64_t silence_left_ = 0;          ///< samples due before `waiting_`
  frame_ptr waiting_;                 ///< not in the fifo yet; may be null
  int off_in_a_row_ = 0; ///< frames off to one side; negative: early
  int skip_ = 0;         ///< samples of `waiting_` that came before
};

/// The way of one audio stream: decoded once, converted and encoded once per
/// distinct wish, and handed to every output that wants it. One thread.
class audio_chain {
public:
  struct target {
    muxer* out = nullptr;
    int stream = 0; ///< of `out`
  };

  struct branch {
    const audio_encode* plan = nullptr;
    codec_ptr encoder;
    std::vector<target> targets;
  };

  audio_chain(const AVStream& stream, decoder sound,
              std::vector<branch> branches, meters& counters, stop_latch& stop);

  /// @returns false when the session is being stopped
  bool push(packet_ptr packet);

  void close() { packets_.close(); }

  void start(std::vector<std::jthread>& threads);

  /// After all threads ended.
  stream_tally tally() const;

private:
  struct lane {
    branch to;
    std::unique_ptr<filter_graph> graph;
    sample_aligner aligner;
  };

  void run();
  outcome<bool> decode_ready();
  void note(AVFrame& frame);
  outcome<bool> feed(lane& x, const AVFrame& frame);
  outcome<bool> flush_graph(lane& x);
  outcome<bool> drain_graph(lane& x);
  outcome<bool> encode_ready(lane& x, bool flushing);
  outcome<bool> encode_frame(lane& x, const AVFrame* frame);

  const AVStream& stream_;
  decoder sound_;
  meters& counters_;
  stop_latch& stop_;
  bounded_queue<packet_ptr> packets_;
  std::vector<lane> lanes_;
  int64_t next_pts_ = AV_NOPTS_VALUE; ///< in the stream's time base
  stream_tally tally_;
};

} // namespace troupe::session
