#include "nodes/cluster_names.hpp"

#include "nodes/patience_scope.hpp"

namespace troupe {

namespace {

constexpr std::chrono::seconds freshness{2};
constexpr std::chrono::milliseconds typing_patience{300};
constexpr uint32_t most_jobs = 200; // of either kind

} // namespace

bool cluster_names::is_fresh(const cache& x) {
  return x.filled && clock::now() - x.asked < freshness;
}

const std::vector<std::string>& cluster_names::nodes() {
  if (is_fresh(nodes_))
    return nodes_.names;
  patience_scope short_patience{client_, {typing_patience, typing_patience}};
  if (auto nodes = client_.nodes()) {
    nodes_.names.clear();
    for (const auto& x : *nodes)
      nodes_.names.push_back(x.card.key.name);
  }
  nodes_.asked = clock::now();
  nodes_.filled = true;
  return nodes_.names;
}

const std::vector<std::string>& cluster_names::jobs() {
  if (is_fresh(jobs_))
    return jobs_.names;
  patience_scope short_patience{client_, {typing_patience, typing_patience}};
  std::vector<std::string> names;
  bool answered = true;
  for (bool ended : {false, true}) {
    job_query query;
    query.ended = ended;
    query.limit = most_jobs;
    auto rows = client_.list(query);
    answered = answered && rows;
    if (rows)
      for (const auto& x : *rows)
        names.push_back(to_string(x.id));
  }
  if (answered)
    jobs_.names = std::move(names);
  jobs_.asked = clock::now();
  jobs_.filled = true;
  return jobs_.names;
}

} // namespace troupe
