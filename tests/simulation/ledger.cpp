#include "tests/simulation/ledger.hpp"

namespace troupe::simulation {

std::string_view to_string(wish x) {
  switch (x) {
    case wish::cancel:
      return "cancel";
    case wish::pause:
      return "pause";
    case wish::resume:
      return "resume";
    case wish::retry:
      return "retry";
    case wish::migrate:
      return "migrate";
    case wish::remove:
      return "removal";
  }
  return "unknown";
}

uint32_t submission::count(wish x) const {
  auto in = [&](const std::map<wish, uint32_t>& where) {
    auto found = where.find(x);
    return found == where.end() ? 0 : found->second;
  };
  return in(granted) + in(in_doubt);
}

} // namespace troupe::simulation
