#include "config/node_settings.hpp"

#include <algorithm>
#include <string_view>

namespace troupe {

namespace {

failure refuse(std::string_view setting, std::string found,
               std::string allowed) {
  return {ec::usage, std::string{setting}, std::move(found),
          std::move(allowed)};
}

outcome<void> check_range(std::string_view setting, int64_t value, int64_t low,
                          int64_t high) {
  if (value >= low && value <= high)
    return {};
  return refuse(setting, std::to_string(value) + " is out of range",
                "allowed is " + std::to_string(low) + " to "
                    + std::to_string(high));
}

} // namespace

bool is_node_name(std::string_view text) {
  auto allowed = [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= 64
         && std::all_of(text.begin(), text.end(), allowed);
}

endpoint address_of(const node_settings& settings) {
  return settings.advertise.value_or(endpoint{settings.bind, settings.port});
}

outcome<void> check(const node_settings& settings) {
  if (!is_node_name(settings.name))
    return refuse("name", "\"" + settings.name + "\" is no name for a node",
                  "allowed are 1 to 64 letters, digits, '-', '_' and '.'");
  if (auto ok = check_range("slots", settings.slots, 1, most_slots); !ok)
    return ok;
  if (auto ok = check_range("threads", settings.threads, 0, most_threads); !ok)
    return ok;
  if (auto ok = check_range("nice", settings.session.nice, 0, most_nice); !ok)
    return ok;
  if (auto ok =
          check_range("scheduler-threads", settings.scheduler_threads, 1, 64);
      !ok)
    return ok;
  auto memory = settings.session.memory_bytes;
  if (memory != 0 && memory < least_session_memory_bytes)
    return refuse("memory",
                  std::to_string(memory) + " bytes are too few for a session",
                  "allowed is 64MiB and more, or 0 for no limit");
  return {};
}

} // namespace troupe
