#pragma once

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "messages/failure.hpp"

namespace troupe {

/// Registers every type that crosses actors with CAF; call it before the
/// actor_system is made.
void register_types(caf::actor_system_config& config);

/// Wraps a failure for CAF; `from_caf` gets it back whole.
caf::error to_caf(const failure& error);

/// The failure inside a CAF error. CAF's own errors (a timeout, an actor that
/// is gone) become `worker_lost` or `internal` with CAF's words.
failure from_caf(const caf::error& error);

} // namespace troupe
