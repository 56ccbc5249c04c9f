#include "actors/journal_steps.hpp"

#include <atomic>
#include <memory>

#include <unistd.h>

namespace troupe {

journal_hook exit_at_step(uint64_t number) {
  auto seen = std::make_shared<std::atomic<uint64_t>>(0);
  return [seen, number](journal_step) {
    // No destructor may run: a crash runs none.
    if (++*seen == number)
      ::_exit(exit_at_step_status);
  };
}

} // namespace troupe
