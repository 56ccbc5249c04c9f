#pragma once

#include "actors/encoder.hpp"

namespace troupe {

/// Acts on what the ENCODER's session said, or on its end.
void listen(encoder_pointer self);

/// Gives up a session that says nothing or whose stages stand still.
void look_after_session(encoder_pointer self);

} // namespace troupe
