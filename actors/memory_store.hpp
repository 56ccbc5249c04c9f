#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/journal_store.hpp"

namespace troupe {

/// A journal without a disk: for a process that does one job and ends with it,
/// and for tests. All of the interface, but durability; never out of room.
class memory_store final : public journal_store {
public:
  struct job {
    submitted_job submitted;
    job_record record;
    std::optional<encode_plan> plan;
    std::map<attempt_id, attempt_record> attempts;
    std::vector<log_line> log;
  };

  outcome<journal_image> begin_reign(const journal_hook& step) override;
  outcome<std::vector<job_id>> commit(std::span<const journal_entry> batch,
                                      const journal_hook& step) override;
  outcome<bool> prune(const journal_retention& limits, uint64_t now_ms,
                      const journal_hook& step) override;
  outcome<job_report> report(const job_id& id) override;
  outcome<std::vector<job_summary>> ended(const job_query& query) override;
  outcome<std::vector<log_line>> logs(const job_id& id) override;
  outcome<remembered_job> remembered(const job_id& id) override;

  /// That of the last reign; 0 before the first.
  uint64_t epoch() const { return epoch_; }

  const std::map<job_id, job>& jobs() const { return jobs_; }

private:
  job_id admit(const submitted_job& x);
  void apply(const journal_change& change);
  void forget(const job_id& id);
  job* find(const job_id& id);
  /// In the order of `ended`.
  std::vector<job_summary> ended_rows() const;

  uint64_t epoch_ = 0;
  std::map<job_id, job> jobs_;
  std::map<std::string, job_id> keys_;
  std::map<std::string, node_record> nodes_;
};

} // namespace troupe
