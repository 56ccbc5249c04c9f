#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/sqlite_database.hpp"
#include "messages/journal.hpp"

namespace troupe {

/// Reads a journal's tables; what `journal_store` says of its functions holds.
/// What can't be understood is journal_failed.
class sqlite_reader {
public:
  /// @param database must outlive it
  static outcome<sqlite_reader> open(sqlite_database& database);

  /// What hasn't ended, under this epoch.
  outcome<journal_image> image(uint64_t epoch);

  outcome<job_report> report(const job_id& id);
  outcome<std::vector<job_summary>> ended(const job_query& query);
  outcome<std::vector<log_line>> logs(const job_id& id);
  outcome<remembered_job> remembered(const job_id& id);

  /// How many jobs have ended.
  outcome<uint64_t> count_ended();

  /// Those that ended first.
  /// @param before_ms only those that ended before that
  outcome<std::vector<job_id>> oldest_ended(uint64_t before_ms, uint64_t limit);

private:
  sqlite_reader(std::vector<sqlite_statement> statements, std::string path)
      : statements_(std::move(statements)), path_(std::move(path)) {}

  outcome<void> read_open_jobs(journal_image& image);
  outcome<void> read_plans(journal_image& image);
  outcome<void> read_attempts(journal_image& image);
  outcome<void> read_nodes(journal_image& image);

  /// The job of the row that the statement is at.
  outcome<remembered_job> job_at(const sqlite_statement& row) const;
  outcome<attempt_record> attempt_at(const sqlite_statement& row) const;

  failure damaged(const job_id& id) const;

  /// In the order of the list in sqlite_reader.cpp.
  std::vector<sqlite_statement> statements_;
  std::string path_;
};

} // namespace troupe
