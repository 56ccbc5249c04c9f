#include "encode/session/heartbeat.hpp"

#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace troupe::session {

namespace {

constexpr int interval_ms = 250;

} // namespace

heartbeat::heartbeat(control& node, const meters& counters)
    : wake_(::eventfd(0, EFD_CLOEXEC)) {
  if (!wake_)
    throw std::system_error{errno, std::generic_category(), "eventfd"};
  thread_ = std::thread{[this, &node, &counters] { run(node, counters); }};
}

heartbeat::~heartbeat() {
  uint64_t one = 1;
  // An eventfd takes eight bytes or nothing, and nothing only when it is full.
  [[maybe_unused]] auto written = ::write(wake_.get(), &one, sizeof(one));
  thread_.join();
}

void heartbeat::run(control& node, const meters& counters) {
  for (;;) {
    switch (node.wait(wake_.get(), interval_ms)) {
      case control::waited::woken:
        return;
      case control::waited::gone:
        ::_exit(0);
      case control::waited::timeout:
        if (!node.send(progress{counters.snapshot(), counters.verifying}))
          ::_exit(0);
        break;
    }
  }
}

} // namespace troupe::session
