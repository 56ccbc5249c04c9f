#include "actors/memory_store.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "actors/journal_report.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

failure unknown(const job_id& id) {
  return {ec::not_found, to_string(id), "no such job", "see `troupe jobs`"};
}

failure no_reign() {
  return {ec::superseded, "journal", "no reign has begun", ""};
}

std::vector<attempt_record> attempts_of(const memory_store::job& x) {
  std::vector<attempt_record> result;
  for (const auto& [id, attempt] : x.attempts)
    result.push_back(attempt);
  return result;
}

void add_line(std::vector<log_line>& log, const log_line& line) {
  if (log.size() >= max_log_lines)
    return;
  log.push_back(line);
  if (log.size() == max_log_lines)
    log.back().text = log_is_full;
}

} // namespace

outcome<journal_image> memory_store::begin_reign(const journal_hook& step) {
  step(journal_step::written);
  journal_image result;
  result.epoch = ++epoch_;
  for (const auto& [id, x] : jobs_)
    if (!is_final(x.record.state))
      result.jobs.push_back({x.submitted, x.record, x.plan, attempts_of(x)});
  for (const auto& [name, x] : nodes_)
    result.nodes.push_back(x);
  return result;
}

outcome<std::vector<job_id>>
memory_store::commit(std::span<const journal_entry> batch,
                     const journal_hook& step) {
  if (epoch_ == 0)
    return no_reign();
  step(journal_step::written);
  std::vector<job_id> result;
  for (const auto& x : batch)
    if (const auto* submitted = std::get_if<submitted_job>(&x))
      result.push_back(admit(*submitted));
    else
      apply(std::get<journal_change>(x));
  return result;
}

outcome<bool> memory_store::prune(const journal_retention& limits,
                                  uint64_t now_ms, const journal_hook& step) {
  if (epoch_ == 0)
    return no_reign();
  step(journal_step::written);
  auto age = static_cast<uint64_t>(limits.max_age.count());
  auto rows = ended_rows();
  for (size_t i = 0; i < rows.size(); ++i)
    if (i >= limits.max_jobs || rows[i].finished_ms + age < now_ms)
      forget(rows[i].id);
  return false;
}

outcome<job_report> memory_store::report(const job_id& id) {
  if (const auto* x = find(id))
    return report_of(x->submitted, x->record, attempts_of(*x));
  return unknown(id);
}

outcome<std::vector<job_summary>> memory_store::ended(const job_query& query) {
  auto rows = ended_rows();
  if (query.after != job_id{}) {
    auto last = std::ranges::find(rows, query.after, &job_summary::id);
    if (last == rows.end())
      return failure{ec::not_found, to_string(query.after),
                     "it is no ended job any more",
                     "read the list from its beginning"};
    rows.erase(rows.begin(), last + 1);
  }
  rows.resize(std::min<size_t>(rows.size(),
                               std::clamp(query.limit, 1u, max_page_rows)));
  return rows;
}

outcome<std::vector<log_line>> memory_store::logs(const job_id& id) {
  const auto* x = find(id);
  return x != nullptr ? x->log : std::vector<log_line>{};
}

outcome<remembered_job> memory_store::remembered(const job_id& id) {
  if (const auto* x = find(id))
    return remembered_job{x->submitted, x->record, std::nullopt,
                          attempts_of(*x)};
  return unknown(id);
}

std::vector<job_summary> memory_store::ended_rows() const {
  std::vector<job_summary> result;
  for (const auto& [id, x] : jobs_)
    if (is_final(x.record.state))
      result.push_back(
          summarize(report_of(x.submitted, x.record, attempts_of(x))));
  std::ranges::sort(result, [](const auto& a, const auto& b) {
    return std::pair{a.finished_ms, a.id} > std::pair{b.finished_ms, b.id};
  });
  return result;
}

memory_store::job* memory_store::find(const job_id& id) {
  auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : &found->second;
}

job_id memory_store::admit(const submitted_job& x) {
  const auto& key = x.request.key;
  if (auto first = keys_.find(key); first != keys_.end())
    return first->second;
  auto [made, added] = jobs_.try_emplace(x.id);
  if (!added)
    return x.id;
  made->second.submitted = x;
  made->second.record.id = x.id;
  if (!key.empty())
    keys_.emplace(key, x.id);
  return x.id;
}

void memory_store::apply(const journal_change& change) {
  // Plans before jobs: one that ended has none.
  for (const auto& x : change.plans)
    if (auto* to = find(x.id); to != nullptr && !is_final(to->record.state))
      to->plan = x.plan;
  for (const auto& x : change.jobs)
    if (auto* to = find(x.id)) {
      to->record = x;
      if (is_final(x.state))
        to->plan.reset();
    }
  for (const auto& x : change.attempts)
    if (auto* to = find(x.id.job))
      to->attempts.insert_or_assign(x.id, x);
  for (const auto& x : change.nodes)
    nodes_.insert_or_assign(x.name, x);
  for (const auto& x : change.log)
    if (auto* to = find(x.job))
      add_line(to->log, x);
  for (const auto& id : change.forgotten)
    forget(id);
}

void memory_store::forget(const job_id& id) {
  std::erase_if(keys_, [&](const auto& x) { return x.second == id; });
  jobs_.erase(id);
}

} // namespace troupe
