#include "nodes/job_ids.hpp"

#include <algorithm>

namespace troupe {

namespace {

constexpr size_t id_size = 36;
constexpr size_t last_part = 12;
constexpr size_t most_named = 5; // candidates in a refusal

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

bool can_be_part(std::string_view text) {
  return text.size() >= shortest_id && text.size() <= id_size
         && text.find_first_not_of("0123456789abcdef-")
                == std::string_view::npos;
}

std::string list_of(const std::vector<const job_summary*>& jobs) {
  std::string result;
  for (size_t i = 0; i < std::min(jobs.size(), most_named); ++i)
    result += (result.empty() ? "" : ", ") + to_string(jobs[i]->id) + " ("
              + jobs[i]->name + ')';
  if (jobs.size() > most_named)
    result += ", ...";
  return result;
}

} // namespace

std::string short_id(const job_id& id) {
  return to_string(id).substr(id_size - last_part);
}

outcome<job_id> find_job(std::string_view text,
                         const std::vector<job_summary>& candidates) {
  auto part = lower(text);
  if (!can_be_part(part))
    return failure{ec::usage, std::string{text}, "it is no part of a job's id",
                   "give the id as `troupe jobs` shows it, or at least 4 "
                   "characters of its beginning or end"};
  std::vector<const job_summary*> fitting;
  for (const auto& x : candidates) {
    auto id = to_string(x.id);
    if (id.starts_with(part) || id.ends_with(part))
      fitting.push_back(&x);
  }
  if (fitting.size() == 1)
    return fitting.front()->id;
  if (fitting.empty())
    return failure{ec::not_found, std::string{text},
                   "no job's id begins or ends like that",
                   "see `troupe jobs --all`"};
  return failure{ec::conflict, std::string{text},
                 "it fits " + std::to_string(fitting.size())
                     + " jobs: " + list_of(fitting),
                 "give more of the id"};
}

} // namespace troupe
