#pragma once

#include "encode/session/packet_source.hpp"
#include "messages/media.hpp"

namespace troupe::session {

/// Describes an opened input: container, streams, chapters, and what the first
/// picture adds. Looks ahead in the source; a later `read` misses nothing.
media_info inspect_source(packet_source& source);

} // namespace troupe::session
