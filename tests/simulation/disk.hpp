#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/journal_store.hpp"

namespace troupe::simulation {

/// What a coordinator's node keeps: it outlives the process, and knows only
/// what was committed.
struct disk {
  struct job {
    submitted_job submitted;
    job_record record;
    std::optional<encode_plan> plan;
    std::map<std::pair<uint32_t, uint32_t>, attempt_record> attempts;
    std::vector<log_line> log;
  };

  uint64_t epoch = 0;
  std::map<job_id, job> jobs;
  std::map<std::string, job_id> keys;
  std::map<std::string, node_record> nodes;

  /// Nothing more fits while this is true.
  bool full = false;
};

/// A journal's store on that disk.
/// @param where must outlive the store
/// @param dead true once the process was killed: nothing is written any more
std::unique_ptr<journal_store> open_store(disk& where,
                                          std::shared_ptr<const bool> dead);

} // namespace troupe::simulation
