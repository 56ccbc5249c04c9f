#pragma once

#include <map>
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

/// The way of the pictures: packets are decoded, filtered once for all outputs
/// (a graph with a split) and encoded once per output. A thread per stage, a
/// bounded queue between two of them.
class video_chain {
public:
  /// One output's end of the chain.
  struct branch {
    const video_encode* plan = nullptr;
    codec_ptr encoder;
    muxer* out = nullptr;
    int stream = 0; ///< of `out`
  };

  /// @param stream the source's; its size is `width` x `height` by the plan
  video_chain(const AVStream& stream, decoder pictures, uint32_t width,
              uint32_t height, const std::vector<filter_step>& common,
              std::vector<branch> branches, meters& counters, stop_latch& stop);

  /// Hands a packet to the decoder; waits while it is behind.
  /// @returns false when the session is being stopped
  bool push(packet_ptr packet);

  /// No packet comes any more.
  void close() { packets_.close(); }

  /// Starts the chain's threads; they are appended to `threads`.
  void start(std::vector<std::jthread>& threads);

  /// What became of the source's stream; after all threads ended.
  stream_tally tally() const;

  /// Pictures that came out of the decoder damaged; after all threads ended.
  uint64_t damaged() const { return damaged_; }

private:
  using frame_queue = bounded_queue<frame_ptr>;

  void decode();
  void filter();
  void encode(size_t index);

  outcome<bool> decode_ready(frame_ptr& frame);
  bool pass_on(frame_ptr frame);
  void set_timestamp(AVFrame& frame);
  outcome<void> open_graph(const AVFrame& frame);
  outcome<bool> drain_graph();
  outcome<bool> encode_frame(size_t index, AVFrame* frame,
                             std::map<int64_t, int64_t>& durations);
  void prepare(AVFrame& frame, const branch& own, int64_t& last_pts) const;
  bool resampled() const;

  const AVStream& stream_;
  decoder pictures_;
  uint32_t width_;
  uint32_t height_;
  const std::vector<filter_step>& common_;
  std::vector<branch> branches_;
  meters& counters_;
  stop_latch& stop_;

  bounded_queue<packet_ptr> packets_;
  frame_queue decoded_;
  std::vector<std::unique_ptr<frame_queue>> filtered_;

  std::unique_ptr<filter_graph> graph_; ///< the filter thread's own

  // the decode thread's own until all threads ended
  int64_t last_pts_ = AV_NOPTS_VALUE;
  int64_t last_duration_ = 0;
  uint64_t damaged_ = 0;
  stream_tally tally_;
};

} // namespace troupe::session
