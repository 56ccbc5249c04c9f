#pragma once

#include "encode/session/av.hpp"
#include "encode/session/muxer.hpp"
#include "messages/outcome.hpp"

namespace troupe::session {

/// Converts one stream of text subtitles for one output. So little work that it
/// is done by whoever reads the packets.
class subtitle_chain {
public:
  /// @param encoder libav's name
  static outcome<subtitle_chain> open(const AVStream& stream,
                                      const std::string& encoder, muxer& out,
                                      int out_stream);

  /// Converts a packet and hands the result on. A text that can't be read is
  /// counted and left out.
  /// @returns false when the session is being stopped
  outcome<bool> push(AVPacket& packet, AVRational time_base);

  AVCodecContext& encoder() { return *encoder_; }

  uint64_t errors() const { return errors_; }

private:
  codec_ptr decoder_;
  codec_ptr encoder_;
  muxer* out_ = nullptr;
  int stream_ = 0;
  uint64_t errors_ = 0;
};

} // namespace troupe::session
