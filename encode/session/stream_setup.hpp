#pragma once

#include "encode/session/av.hpp"
#include "encode/session/muxer.hpp"
#include "messages/media.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"

/// Filling in an output's streams: parameters, labels, and what travels beside
/// the coded data.
namespace troupe::session {

/// An output stream that takes the source's packets as they are.
outcome<void> set_up_copy(AVStream& out, const AVStream& in,
                          const AVOutputFormat& container);

/// An output stream that takes an encoder's packets.
/// @param hdr written beside the stream when it is to be kept; may be null
outcome<void> set_up_encoded(AVStream& out, const AVStream& in,
                             const AVCodecContext& encoder,
                             const AVOutputFormat& container,
                             const hdr_metadata* hdr);

/// Cover art as an attachment.
outcome<void> set_up_attached_picture(AVStream& out, const AVStream& in);

/// Title, tags and chapters of the whole file.
/// @param start_us what became zero in the output
void carry_file_metadata(AVFormatContext& out, const AVFormatContext& in,
                         bool chapters, int64_t start_us);

} // namespace troupe::session
