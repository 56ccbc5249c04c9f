#pragma once

#include <memory>

#include "nodes/interrupts.hpp"
#include "nodes/terminal.hpp"

namespace troupe {

/// What every verb is given: where to speak to people, and who interrupts.
struct verb_context {
  std::shared_ptr<terminal> screen;
  const interrupts& signals;
};

} // namespace troupe
