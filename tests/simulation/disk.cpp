#include "tests/simulation/disk.hpp"

#include <utility>

namespace troupe::simulation {

namespace {

const journal_hook no_step = [](journal_step) {};

/// Puts in front of what is kept what a disk and a process can do to it.
class store final : public journal_store {
public:
  store(disk& where, std::shared_ptr<const bool> dead)
      : disk_(where), dead_(std::move(dead)) {}

  outcome<journal_image> begin_reign(const journal_hook& step) override {
    if (disk_.full)
      return no_room();
    // The process may die there: what it wrote isn't committed.
    step(journal_step::written);
    if (*dead_)
      return killed();
    auto image = disk_.kept.begin_reign(no_step);
    reign_ = disk_.kept.epoch();
    return image;
  }

  outcome<std::vector<job_id>> commit(std::span<const journal_entry> batch,
                                      const journal_hook& step) override {
    if (auto allowed = may_write(); !allowed)
      return allowed.error();
    step(journal_step::written);
    if (*dead_)
      return killed();
    auto granted = new_grants(batch);
    auto ids = disk_.kept.commit(batch, no_step);
    for (const auto& x : granted)
      check_grant(x);
    return ids;
  }

  outcome<bool> prune(const journal_retention& limits, uint64_t now_ms,
                      const journal_hook& step) override {
    if (auto allowed = may_write(); !allowed)
      return allowed.error();
    step(journal_step::written);
    if (*dead_)
      return killed();
    return disk_.kept.prune(limits, now_ms, no_step);
  }

  outcome<job_report> report(const job_id& id) override {
    return disk_.kept.report(id);
  }

  outcome<std::vector<job_summary>> ended(const job_query& query) override {
    return disk_.kept.ended(query);
  }

  outcome<std::vector<log_line>> logs(const job_id& id) override {
    return disk_.kept.logs(id);
  }

  outcome<remembered_job> remembered(const job_id& id) override {
    return disk_.kept.remembered(id);
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
    if (reign_ != disk_.kept.epoch())
      return failure{ec::superseded, "journal", "a later reign has begun", ""};
    if (disk_.full)
      return no_room();
    return {};
  }

  const attempt_record* find(const attempt_id& id) const {
    auto job = disk_.kept.jobs().find(id.job);
    if (job == disk_.kept.jobs().end())
      return nullptr;
    auto found = job->second.attempts.find(id);
    return found == job->second.attempts.end() ? nullptr : &found->second;
  }

  /// Attempts that this lets publish.
  std::vector<attempt_id> new_grants(std::span<const journal_entry> batch) {
    std::vector<attempt_id> result;
    for (const auto& entry : batch)
      if (const auto* change = std::get_if<journal_change>(&entry))
        for (const auto& x : change->attempts)
          if (auto before = find(x.id); x.granted && before && !before->granted)
            result.push_back(x.id);
    return result;
  }

  /// None is let publish while another of its task may, and is there to do so.
  void check_grant(const attempt_id& id) {
    auto job = disk_.kept.jobs().find(id.job);
    if (job == disk_.kept.jobs().end())
      return;
    for (const auto& [other, x] : job->second.attempts)
      if (other != id && other.task == id.task && x.granted
          && x.end == attempt_end::none)
        disk_.complaints.push_back("attempt " + to_string(id)
                                   + " may publish beside " + to_string(other));
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
