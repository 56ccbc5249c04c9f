#pragma once

#include "messages/media.hpp"

namespace troupe {

/// PQ or HLG: brighter than what BT.709 can say.
bool is_hdr(const stream_info& stream);

/// Grey without colour planes.
bool is_gray(const stream_info& stream);

/// How the stream's colours are coded, every field filled in: as labelled, else
/// as everybody guesses it from size and format. Transfers of SDR are BT.709's;
/// they look the same on a screen.
color_description full_color(const stream_info& stream);

/// BT.709, limited range: what every player takes.
color_description bt709_color();

/// Whether a full description is that of `bt709_color`.
bool is_bt709(const color_description& full);

} // namespace troupe
