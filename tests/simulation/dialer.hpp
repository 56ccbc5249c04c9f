#pragma once

#include "messages/interfaces.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/process.hpp"

namespace troupe::simulation {

/// A DIALER on the model's wires, for the actors of that process.
dialer_actor spawn_dialer(process& where, network& wires);

} // namespace troupe::simulation
