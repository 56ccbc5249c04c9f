#pragma once

#include <cstdint>
#include <string_view>

#include "encode/notes.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"

namespace troupe {

/// How one audio stream is encoded to `codec` (our name): the encoder, and the
/// nearest of its sample rates, channel layouts and bit rates. Code:
/// impossible_job when the stream's channels have no known places.
/// @param asked_bit_rate of the whole stream, bits per second; 0: not said
/// @param preset_bit_rate for two channels; 0: the encoder's default
outcome<audio_encode> sound_format(const stream_info& stream,
                                   std::string_view codec,
                                   int64_t asked_bit_rate,
                                   int64_t preset_bit_rate, notes& told);

} // namespace troupe
