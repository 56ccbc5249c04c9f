#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/sqlite_database.hpp"
#include "messages/journal.hpp"

namespace troupe {

/// Puts decisions into a journal's tables, within the caller's transaction.
class sqlite_writer {
public:
  /// @param database must outlive it
  static outcome<sqlite_writer> open(sqlite_database& database);

  /// @returns its id, or that of the job which has its key
  outcome<job_id> submit(const submitted_job& job);

  outcome<void> apply(const journal_change& change);

  /// Everything about the job goes.
  outcome<void> forget(const job_id& id);

private:
  explicit sqlite_writer(std::vector<sqlite_statement> statements)
      : statements_(std::move(statements)) {}

  outcome<void> put(const job_record& record);
  outcome<void> put(const plan_record& plan);
  outcome<void> put(const attempt_record& attempt);
  outcome<void> put(const node_record& node);
  outcome<void> put_log(const std::vector<log_line>& lines);

  /// @returns the number of the job's last line, 0 without one; nothing when
  /// the job isn't known
  outcome<std::optional<int64_t>> last_line_of(const job_id& job);

  template <class T>
  outcome<void> put_all(const std::vector<T>& xs) {
    for (const auto& x : xs)
      if (auto done = put(x); !done)
        return done;
    return {};
  }

  /// In the order of the list in sqlite_writer.cpp.
  std::vector<sqlite_statement> statements_;
};

} // namespace troupe
