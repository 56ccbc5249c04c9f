#pragma once

#include <string>
#include <string_view>

#include "messages/media.hpp"

/// The properties of streams in the words that people use for them; shared by
/// what `inspect` shows to people and to machines.
namespace troupe {

/// "video", "audio", ...
std::string_view kind_words(stream_kind kind);

/// "24000/1001".
std::string fraction_words(rational x);

/// "4:3"; "" when the stream doesn't say.
std::string sample_aspect_words(const stream_info& stream);

/// The stored picture's shape when shown, "16:9"; "" when the stream doesn't
/// say.
std::string display_aspect_words(const stream_info& stream);

/// Clockwise degrees by which a player turns the picture: 0, 90, 180 or 270.
int rotation_degrees(orientation turn);

/// Whether a player also mirrors it, before the turn.
bool is_mirrored(orientation turn);

/// "turned by 90 degrees", "mirrored"; "" when upright.
std::string orientation_words(orientation turn);

/// "progressive", "interlaced, top field first"; "" when not known.
std::string field_order_words(std::string_view field_order);

/// "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)": the
/// notation of x265's --master-display; "" without one.
std::string mastering_words(const hdr_metadata& hdr);

} // namespace troupe
