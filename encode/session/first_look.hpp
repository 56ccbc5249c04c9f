#pragma once

#include "encode/session/packet_source.hpp"

namespace troupe::session {

/// What only the first packets and pictures of the video stream tell, because
/// headers leave it out or get it wrong.
struct first_look {
  /// The first picture that could be decoded; null when none was among the
  /// packets looked at.
  frame_ptr picture;
  /// All timestamps fall on multiples of 1/rate, as far as was looked: the
  /// whole index where the container has one, else the first packets.
  bool constant_rate = false;
  AVRational rate{0, 1};
};

/// Looks at the packets that the source can keep; reads nothing that `read`
/// does not deliver again.
/// @param video index of the stream
first_look look_at_video(packet_source& source, int video);

} // namespace troupe::session
