#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/job.hpp"
#include "tests/simulation/sessions.hpp"
#include "tests/simulation/timeline.hpp"

namespace troupe::simulation {

/// What a user asks of a job besides running it.
enum class wish : uint8_t {
  cancel = 1,
  pause,
  resume,
  retry,
  migrate,
  remove, ///< forget it
};

/// "cancel", "pause", ...
std::string_view to_string(wish x);

/// A job as its user knows it. It is known by its input's number.
struct submission {
  input_script input;
  job_request request;
  std::optional<job_id> acknowledged; ///< the first answer
  /// Wishes that were acknowledged, and those whose answer never came.
  std::map<wish, uint32_t> granted;
  std::map<wish, uint32_t> in_doubt;
  /// A final state that an observer was told, since the last retry.
  std::optional<job_state> announced;
  /// As the cluster told it last.
  std::optional<job_report> report;

  uint32_t count(wish x) const;
};

/// What the users of a cluster wanted and were told.
struct ledger {
  std::map<uint32_t, submission> jobs; ///< by number of the input
};

} // namespace troupe::simulation
