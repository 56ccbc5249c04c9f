#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/job.hpp"
#include "messages/member.hpp"
#include "nodes/terminal.hpp"

/// What people see of a cluster. Whatever comes from there is made printable.
namespace troupe {

/// The colour of a job's state, as in ESC [ sgr m; "" for none.
std::string_view color_of(job_state state);

/// The colour of a node's state.
std::string_view color_of(const member& node);

/// What `jobs` shows: a row per job; "" when there are none. Long names are
/// cut where a terminal shows them.
std::string jobs_text(const std::vector<job_summary>& jobs,
                      const terminal_traits& traits);

/// What `nodes` shows: a row per node.
std::string nodes_text(const std::vector<member>& nodes,
                       const terminal_traits& traits);

/// What `job` shows: all that is known of one.
std::string job_text(const job_report& job, const terminal_traits& traits);

} // namespace troupe
