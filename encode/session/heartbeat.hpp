#pragma once

#include <thread>

#include "encode/session/control.hpp"
#include "encode/session/meters.hpp"

namespace troupe::session {

/// While it lives, tells the node four times a second where the session is, and
/// ends the process at once when the node is gone.
class heartbeat {
public:
  heartbeat(control& node, const meters& counters);
  ~heartbeat();

private:
  void run(control& node, const meters& counters);

  descriptor wake_;
  std::thread thread_;
};

} // namespace troupe::session
