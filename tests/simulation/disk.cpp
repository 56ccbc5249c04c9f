#include "tests/simulation/disk.hpp"

#include <algorithm>

#include "actors/journal_report.hpp"

namespace troupe::simulation {

namespace {

failure unknown(const job_id& id) {
  return {ec::not_found, to_string(id), "is not in the journal", ""};
}

std::vector<attempt_record> attempts_of(const disk::job& x) {
  std::vector<attempt_record> result;
  for (const auto& [where, attempt] : x.attempts)
    result.push_back(attempt);
  return result;
}

class store final : public journal_store {
public:
  store(disk& where, std::shared_ptr<const bool> dead)
      : disk_(where), dead_(std::move(dead)) {}

  outcome<journal_image> begin_reign(const journal_hook& step) override {
    if (disk_.full)
      return no_room();
    step(journal_step::written);
    if (*dead_)
      return killed();
    reign_ = ++disk_.epoch;
    journal_image result;
    result.epoch = reign_;
    for (const auto& [id, x] : disk_.jobs)
      if (!is_final(x.record.state))
        result.jobs.push_back({x.submitted, x.record, x.plan, attempts_of(x)});
    for (const auto& [name, x] : disk_.nodes)
      result.nodes.push_back(x);
    return result;
  }

  outcome<std::vector<job_id>> commit(std::span<const journal_entry> batch,
                                      const journal_hook& step) override {
    if (auto allowed = may_write(); !allowed)
      return allowed.error();
    step(journal_step::written);
    if (*dead_)
      return killed();
    std::vector<job_id> result;
    for (const auto& entry : batch)
      if (auto job = std::get_if<submitted_job>(&entry))
        result.push_back(admit(*job));
      else
        apply(std::get<journal_change>(entry));
    return result;
  }

  outcome<bool> prune(const journal_retention&, uint64_t,
                      const journal_hook&) override {
    return may_write() ? outcome<bool>{false}
                       : outcome<bool>{may_write().error()};
  }

  outcome<job_report> report(const job_id& id) override {
    auto found = disk_.jobs.find(id);
    if (found == disk_.jobs.end())
      return unknown(id);
    const auto& x = found->second;
    return report_of(x.submitted, x.record, attempts_of(x));
  }

  outcome<std::vector<job_summary>> ended(const job_query& query) override {
    std::vector<job_summary> result;
    for (const auto& [id, x] : disk_.jobs)
      if (is_final(x.record.state))
        result.push_back(
            summarize(report_of(x.submitted, x.record, attempts_of(x))));
    std::ranges::sort(result, [](const auto& a, const auto& b) {
      return std::pair{a.finished_ms, a.id} > std::pair{b.finished_ms, b.id};
    });
    if (query.after != job_id{}) {
      auto last = std::ranges::find(result, query.after, &job_summary::id);
      if (last == result.end())
        return unknown(query.after);
      result.erase(result.begin(), last + 1);
    }
    result.resize(std::min<size_t>(result.size(), query.limit));
    return result;
  }

  outcome<std::vector<log_line>> logs(const job_id& id) override {
    auto found = disk_.jobs.find(id);
    return found == disk_.jobs.end() ? std::vector<log_line>{}
                                     : found->second.log;
  }

  outcome<remembered_job> remembered(const job_id& id) override {
    auto found = disk_.jobs.find(id);
    if (found == disk_.jobs.end())
      return unknown(id);
    const auto& x = found->second;
    return remembered_job{x.submitted, x.record, std::nullopt, attempts_of(x)};
  }

private:
  static failure no_room() {
    return {ec::disk_full, "journal", "no space left", "free space"};
  }

  /// Nobody hears it.
  static failure killed() {
    return {ec::journal_failed, "journal", "its process was killed", ""};
  }

  outcome<void> may_write() const {
    if (*dead_)
      return killed();
    if (reign_ != disk_.epoch)
      return failure{ec::superseded, "journal", "a later reign has begun", ""};
    if (disk_.full)
      return no_room();
    return {};
  }

  job_id admit(const submitted_job& x) {
    const auto& key = x.request.key;
    if (!key.empty())
      if (auto [first, added] = disk_.keys.emplace(key, x.id); !added)
        return first->second;
    auto& made = disk_.jobs[x.id];
    made.submitted = x;
    made.record.id = x.id;
    return x.id;
  }

  disk::job* find(const job_id& id) {
    auto found = disk_.jobs.find(id);
    return found == disk_.jobs.end() ? nullptr : &found->second;
  }

  void apply(const journal_change& change) {
    for (const auto& x : change.jobs)
      if (auto job = find(x.id)) {
        job->record = x;
        if (is_final(x.state))
          job->plan.reset();
      }
    for (const auto& x : change.plans)
      if (auto job = find(x.id); job && !is_final(job->record.state))
        job->plan = x.plan;
    for (const auto& x : change.attempts)
      if (auto job = find(x.id.job))
        job->attempts[{x.id.task, x.id.number}] = x;
    for (const auto& x : change.nodes)
      disk_.nodes[x.name] = x;
    for (const auto& x : change.log)
      if (auto job = find(x.job))
        job->log.push_back(x);
    for (const auto& id : change.forgotten)
      forget(id);
  }

  void forget(const job_id& id) {
    std::erase_if(disk_.keys, [&](const auto& x) { return x.second == id; });
    disk_.jobs.erase(id);
  }

  disk& disk_;
  std::shared_ptr<const bool> dead_;
  uint64_t reign_ = 0;
};

} // namespace

std::unique_ptr<journal_store> open_store(disk& where,
                                          std::shared_ptr<const bool> dead) {
  return std::make_unique<store>(where, std::move(dead));
}

} // namespace troupe::simulation
