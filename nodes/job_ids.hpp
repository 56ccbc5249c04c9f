#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/job.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// What people may type of an id instead of all of it.
inline constexpr size_t shortest_id = 4;

/// An id as tables show it: its last part, which is random and therefore tells
/// jobs apart that were handed in within the same minute.
std::string short_id(const job_id& id);

/// The job that a beginning or end of its id names, of at least `shortest_id`
/// characters, in whatever case.
/// Codes: usage for what no id can begin or end with; not_found when no
/// candidate fits; conflict, with the candidates, when several do.
outcome<job_id> find_job(std::string_view text,
                         const std::vector<job_summary>& candidates);

} // namespace troupe
