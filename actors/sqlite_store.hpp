#pragma once

#include <optional>
#include <string>

#include "actors/journal_store.hpp"
#include "actors/sqlite_reader.hpp"
#include "actors/sqlite_schema.hpp"
#include "actors/sqlite_writer.hpp"

namespace troupe {

/// A journal in one SQLite file, as docs/journal.md describes it.
class sqlite_store final : public journal_store {
public:
  /// Opens the file or makes it. journal_failed when it is damaged, of a newer
  /// troupe or something else; then every byte of it stays.
  static outcome<std::unique_ptr<journal_store>>
  open(const std::string& path, const sqlite_schema& schema = journal_schema());

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
  /// Declared first, as it must go last. The statements know its handle, which
  /// stays where it is when the database moves.
  struct parts {
    sqlite_database database;
    sqlite_writer writer;
    sqlite_reader reader;
    sqlite_statement epoch;
  };

  explicit sqlite_store(parts xs) : parts_(std::move(xs)) {}

  /// Begins a transaction of this reign; superseded when it is over.
  outcome<sqlite_transaction> begin();

  outcome<uint64_t> epoch_in_file();

  outcome<std::vector<job_id>> jobs_to_forget(const journal_retention& limits,
                                              uint64_t now_ms);

  parts parts_;

  /// Of this store's reign.
  std::optional<uint64_t> epoch_;
};

/// Opens the journal with this path, for the JOURNAL.
journal_opener open_sqlite(std::string path);

} // namespace troupe
