#include "nodes/debug_hooks.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace troupe {

namespace {

uint64_t number_from(const char* variable) {
  const auto* text = std::getenv(variable);
  uint64_t result = 0;
  if (text != nullptr)
    std::from_chars(text, text + std::strlen(text), result);
  return result;
}

} // namespace

debug_hooks read_debug_hooks() {
  return {number_from("TROUPE_DEBUG_JOURNAL_EXIT"),
          number_from("TROUPE_DEBUG_PUBLISH_STOP")};
}

std::function<void()> stop_at_step(uint64_t number) {
  auto seen = std::make_shared<std::atomic<uint64_t>>(0);
  return [seen, number] {
    // From this thread to itself, which stops the process from here on; kill()
    // may leave it to another one, while this one goes on for a moment.
    if (++*seen == number)
      std::raise(SIGSTOP);
  };
}

} // namespace troupe
