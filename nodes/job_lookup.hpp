#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "messages/job.hpp"
#include "messages/outcome.hpp"
#include "nodes/cluster_client.hpp"

namespace troupe {

/// Lists jobs page by page.
/// @param most rows at most
/// @param wanted rows that don't fit are left out
outcome<std::vector<job_summary>>
list_jobs(cluster_client& client, bool ended, size_t most,
          const std::function<bool(const job_summary&)>& wanted);

/// The job that a whole id, or its beginning or end, names (nodes/job_ids.hpp).
/// A whole id isn't looked up.
outcome<job_id> look_up_job(cluster_client& client, const std::string& text);

/// The same for several; the first refusal ends it.
outcome<std::vector<job_id>>
look_up_jobs(cluster_client& client, const std::vector<std::string>& texts);

} // namespace troupe
