#pragma once

#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "encode/session/audio_chain.hpp"
#include "encode/session/meters.hpp"
#include "encode/session/muxer.hpp"
#include "encode/session/packet_source.hpp"
#include "encode/session/stop_latch.hpp"
#include "encode/session/subtitle_chain.hpp"
#include "encode/session/timeline.hpp"
#include "encode/session/video_chain.hpp"
#include "messages/limits.hpp"
#include "messages/media.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"
#include "messages/report.hpp"

namespace troupe::session {

/// One encode from start to end: builds the stages that the plan asks for, runs
/// them, and reads the outputs again. Used once.
class pipeline {
public:
  /// All references must outlive the pipeline.
  /// @param outputs one descriptor per output of the plan
  pipeline(packet_source& source, const media_info& media,
           const encode_plan& plan, const session_limits& limits,
           const std::vector<descriptor>& outputs, meters& counters);

  /// Encodes; returns when the outputs are complete and on the disk, or with
  /// the first failure of any stage. Outputs are then worthless.
  outcome<encode_report> run();

private:
  /// Packets that go from the source to an output without an encoder.
  struct direct_route {
    muxer* out = nullptr;
    int stream = 0;
    std::unique_ptr<subtitle_chain> converter; ///< null: as they are
  };

  /// Everything that happens to the packets of one source stream.
  struct stream_routes {
    std::vector<direct_route> direct;
    std::unique_ptr<audio_chain> sound;
    std::unique_ptr<video_chain> pictures;
    stream_tally tally; ///< of the direct routes
    int64_t next_dts = AV_NOPTS_VALUE;
    bool seen_key_frame = false;
  };

  /// Where a stream of an output came from, for the report.
  struct origin {
    uint32_t source = 0;
    double padding_s = 0; ///< that the audio encoder put in front
  };

  outcome<void> build();
  outcome<void> build_output(size_t index);
  outcome<void> add_stream(size_t output, const stream_plan& wanted);
  outcome<void> add_copy(size_t output, const stream_plan& wanted);
  outcome<void> add_video(size_t output, const stream_plan& wanted);
  outcome<void> add_audio(size_t output, const stream_plan& wanted);
  outcome<void> add_subtitle(size_t output, const stream_plan& wanted);
  outcome<void> open_chains();
  outcome<void> open_video_chain();

  void read_packets();
  bool route(packet_ptr packet);
  bool route_direct(stream_routes& to, const AVPacket& packet);
  void fill_in_timestamps(stream_routes& to, AVPacket& packet) const;
  bool announce_position(int64_t dts_us);
  void finish_reading();
  void note_direct(stream_routes& to, const AVPacket& packet);

  outcome<encode_report> report();
  void warn_of_missing_end(const std::vector<stream_tally>& source);

  packet_source& source_;
  const media_info& media_;
  const encode_plan& plan_;
  const session_limits& limits_;
  const std::vector<descriptor>& outputs_;
  meters& counters_;

  stop_latch stop_;
  timeline clock_;
  std::vector<std::unique_ptr<muxer>> muxers_;
  std::vector<std::vector<origin>> origins_; ///< per output, per stream
  std::map<uint32_t, stream_routes> routes_; ///< by the source's stream
  // While building: what the chains will be made of.
  std::vector<video_chain::branch> video_branches_;
  std::map<uint32_t, std::vector<audio_chain::branch>> audio_branches_;
  uint32_t video_source_ = 0;

  int64_t position_us_ = INT64_MIN;
  int64_t announced_us_ = INT64_MIN;
  std::vector<std::string> warnings_;
};

} // namespace troupe::session
