#pragma once

namespace troupe {

/// Of this program: "0.1.0".
inline constexpr const char* version = TROUPE_VERSION;

} // namespace troupe
