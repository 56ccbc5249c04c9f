#include "nodes/job_lookup.hpp"

#include <algorithm>
#include <optional>

#include "nodes/job_ids.hpp"

namespace troupe {

namespace {

constexpr uint32_t rows_per_page = 1000;

/// Parts of ids are looked up among so many jobs of either kind.
constexpr size_t most_candidates = 200'000;

outcome<std::vector<job_summary>> all_jobs(cluster_client& client) {
  auto any = [](const job_summary&) { return true; };
  auto jobs = list_jobs(client, false, most_candidates, any);
  if (!jobs)
    return jobs;
  auto ended = list_jobs(client, true, most_candidates, any);
  if (!ended)
    return ended;
  jobs->insert(jobs->end(), ended->begin(), ended->end());
  return jobs;
}

} // namespace

outcome<std::vector<job_summary>>
list_jobs(cluster_client& client, bool ended, size_t most,
          const std::function<bool(const job_summary&)>& wanted) {
  std::vector<job_summary> result;
  job_query query;
  query.ended = ended;
  query.limit = rows_per_page;
  while (result.size() < most) {
    auto page = client.list(query);
    if (!page)
      return page;
    for (auto& row : *page)
      if (result.size() < most && wanted(row))
        result.push_back(row);
    // A page that doesn't go on would be asked for for ever.
    if (page->size() < rows_per_page || page->back().id == query.after)
      break;
    query.after = page->back().id;
  }
  return result;
}

outcome<std::vector<job_id>>
look_up_jobs(cluster_client& client, const std::vector<std::string>& texts) {
  std::vector<job_id> result;
  std::optional<std::vector<job_summary>> candidates;
  for (const auto& text : texts) {
    if (auto whole = parse_job_id(text)) {
      result.push_back(*whole);
      continue;
    }
    if (!candidates) {
      auto jobs = all_jobs(client);
      if (!jobs)
        return jobs.error();
      candidates = std::move(*jobs);
    }
    auto found = find_job(text, *candidates);
    if (!found)
      return found.error();
    result.push_back(*found);
  }
  // Said twice is meant once.
  std::vector<job_id> unique;
  for (const auto& id : result)
    if (std::find(unique.begin(), unique.end(), id) == unique.end())
      unique.push_back(id);
  return unique;
}

outcome<job_id> look_up_job(cluster_client& client, const std::string& text) {
  auto found = look_up_jobs(client, {text});
  if (!found)
    return found.error();
  return found->front();
}

} // namespace troupe
