#pragma once

#include <cstdint>

#include "encode/session/av.hpp"
#include "encode/session/filter_graph.hpp"
#include "messages/outcome.hpp"

namespace troupe::session {

/// Decodes one stream. Damage is counted and skipped, as a player would; the
/// verification reports it.
class decoder {
public:
  /// @param threads 0: as many as there are cores. The result doesn't depend
  ///                on it.
  static outcome<decoder> open(const AVStream& stream, uint32_t threads,
                               uint64_t max_pixels);

  /// Gives a packet in; null at the end of the stream.
  outcome<void> send(const AVPacket* packet);

  /// Takes a frame out.
  outcome<received> receive(AVFrame& frame);

  AVCodecContext& context() { return *codec_; }

  /// Packets that could not be decoded.
  uint64_t errors() const { return errors_; }

private:
  codec_ptr codec_;
  uint64_t errors_ = 0;
};

} // namespace troupe::session
