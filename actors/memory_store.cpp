#include "nodes/volatile_store.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "actors/journal_report.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

template <class Map>
auto values_of(const Map& map) {
  std::vector<typename Map::mapped_type> result;
  for (const auto& [key, value] : map)
    result.push_back(value);
  return result;
}

failure unknown(const job_id& id) {
  return {ec::not_found, to_string(id), "there is no such job", ""};
}

} // namespace

outcome<journal_image> volatile_store::begin_reign(const journal_hook& step) {
  step(journal_step::written);
  journal_image result;
  result.epoch = ++epoch_;
  return result;
}

outcome<std::vector<job_id>>
volatile_store::commit(std::span<const journal_entry> batch,
                       const journal_hook& step) {
  std::vector<job_id> result;
  for (const auto& x : batch)
    if (const auto* job = std::get_if<submitted_job>(&x))
      result.push_back(admit(*job));
    else
      apply(std::get<journal_change>(x));
  step(journal_step::written);
  return result;
}

outcome<bool> volatile_store::prune(const journal_retention&, uint64_t,
                                    const journal_hook& step) {
  step(journal_step::written);
  return false;
}

outcome<job_report> volatile_store::report(const job_id& id) {
  auto found = jobs_.find(id);
  if (found == jobs_.end())
    return unknown(id);
  const auto& x = found->second;
  return report_of(x.job, x.record, values_of(x.attempts));
}

outcome<std::vector<job_summary>>
volatile_store::ended(const job_query& query) {
  std::vector<job_summary> rows;
  for (const auto& [id, x] : jobs_)
    if (is_final(x.record.state))
      rows.push_back(summarize(report_of(x.job, x.record, {})));
  std::sort(rows.begin(), rows.end(), [](const auto& x, const auto& y) {
    return std::pair{x.finished_ms, x.id} > std::pair{y.finished_ms, y.id};
  });
  if (query.after != job_id{}) {
    auto last = std::find_if(rows.begin(), rows.end(), [&](const auto& x) {
      return x.id == query.after;
    });
    if (last == rows.end())
      return unknown(query.after);
    rows.erase(rows.begin(), last + 1);
  }
  if (rows.size() > query.limit)
    rows.resize(query.limit);
  return rows;
}

outcome<std::vector<log_line>> volatile_store::logs(const job_id& id) {
  auto found = jobs_.find(id);
  return found == jobs_.end() ? std::vector<log_line>{} : found->second.log;
}

outcome<remembered_job> volatile_store::remembered(const job_id& id) {
  auto found = jobs_.find(id);
  if (found == jobs_.end())
    return unknown(id);
  const auto& x = found->second;
  return remembered_job{x.job, x.record, x.plan, values_of(x.attempts)};
}

job_id volatile_store::admit(const submitted_job& job) {
  const auto& key = job.request.key;
  if (!key.empty())
    for (const auto& [id, x] : jobs_)
      if (x.job.request.key == key)
        return id;
  auto& made = jobs_[job.id];
  made.job = job;
  made.record.id = job.id;
  return job.id;
}

void volatile_store::apply(const journal_change& change) {
  auto with = [this](const job_id& id, auto&& act) {
    if (auto found = jobs_.find(id); found != jobs_.end())
      act(found->second);
  };
  for (const auto& x : change.jobs)
    with(x.id, [&](entry& to) {
      to.record = x;
      if (is_final(x.state))
        to.plan.reset();
    });
  for (const auto& x : change.plans)
    with(x.id, [&](entry& to) { to.plan = x.plan; });
  for (const auto& x : change.attempts)
    with(x.id.job, [&](entry& to) { to.attempts.insert_or_assign(x.id, x); });
  for (const auto& x : change.log)
    with(x.job, [&](entry& to) {
      if (to.log.size() < max_log_lines)
        to.log.push_back(x);
    });
  for (const auto& id : change.forgotten)
    jobs_.erase(id);
}

} // namespace troupe
