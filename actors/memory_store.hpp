#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/journal_store.hpp"

namespace troupe {

/// A journal without a disk, for a process that does one job and ends with it.
/// It keeps everything and forgets what it is told to.
class volatile_store final : public journal_store {
public:
  outcome<journal_image> begin_reign(const journal_hook& step) override;
  outcome<std::vector<job_id>> commit(std::span<const journal_entry> batch,
                                      const journal_hook& step) override;
  outcome<bool> prune(const journal_retention& limits, uint64_t now_ms,
                      const journal_hook& step) override;
  outcome<job_report> report(const job_id& id) override;
  outcome<std::vector<job_summary>> ended(const job_query& query) override;
  outcome<std::vector<log_line>> logs(const job_id& id) override;
  outcome<remembered_job> remembered(const job_id& id) override;

private:
  struct entry {
    submitted_job job;
    job_record record;
    std::optional<encode_plan> plan;
    std::map<attempt_id, attempt_record> attempts;
    std::vector<log_line> log;
  };

  job_id admit(const submitted_job& job);
  void apply(const journal_change& change);

  uint64_t epoch_ = 0;
  std::map<job_id, entry> jobs_;
};

} // namespace troupe
