#pragma once

#include "encode/session/av.hpp"
#include "encode/session/filter_graph.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"

/// Opening libav's encoders as a plan says. (Which encoders there are and how
/// they are driven is the model's: encode/encoders.hpp.)
namespace troupe::session {

/// @param global_header the container wants the parameters outside the stream
outcome<codec_ptr> open_video_encoder(const video_encode& plan,
                                      bool global_header);

outcome<codec_ptr> open_audio_encoder(const audio_encode& plan,
                                      bool global_header);

/// Takes a packet out of an encoder.
outcome<received> receive_packet(AVCodecContext& encoder, AVPacket& packet);

/// Labels for a codec context or for parameters; unknown names are left out.
void set_color(AVCodecContext& context, const color_description& color);

} // namespace troupe::session
