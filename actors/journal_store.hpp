#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "actors/journal_steps.hpp"
#include "messages/journal.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// What is written at once: an admitted job, or a change.
using journal_entry = std::variant<submitted_job, journal_change>;

/// Which ended jobs are kept.
struct journal_retention {
  uint64_t max_jobs = 100'000; ///< the newest ones
  std::chrono::milliseconds max_age = std::chrono::hours{90 * 24};
};

/// Rows of one page of the list of ended jobs; it has one at least.
inline constexpr uint32_t max_page_rows = 1000;

/// Lines that a job's log keeps; the last one says so when there were more.
inline constexpr uint32_t max_log_lines = 10'000;

/// That last line.
inline constexpr const char* log_is_full =
    "the log is full; what follows is left out";

/// Where the JOURNAL writes to. Every write is one transaction, durable when it
/// returns, and all or nothing. Used by one thread at a time.
///
/// Failures are `disk_full`: nothing was written, and the same call may work
/// later; `superseded`: another store on the same data began a later reign, and
/// nothing was written; `not_found`, where a function says so; and
/// `journal_failed`: nothing more can be relied on.
///
/// What a change says about a job that isn't known, or not any more, is left
/// out in silence. A job's plan goes when the job ends; its attempts and its
/// log stay until it is forgotten.
class journal_store {
public:
  virtual ~journal_store() = default;

  /// Raises the epoch and loads what hasn't ended. No other write is allowed
  /// before it.
  /// @param step told `written` between the last statement and the commit
  virtual outcome<journal_image> begin_reign(const journal_hook& step) = 0;

  /// Writes entries in their order. A submitted job whose key is known, from
  /// this batch or from before, is left out. An empty batch writes nothing new
  /// and tells whether there is room.
  /// @param step told `written` between the last statement and the commit
  /// @returns an id per submitted job, in order: its own, or that of the job
  /// which has its key
  virtual outcome<std::vector<job_id>>
  commit(std::span<const journal_entry> batch, const journal_hook& step) = 0;

  /// Forgets some ended jobs beyond the limits, those that ended first.
  /// @param now_ms Unix
  /// @param step told `written` between the last statement and the commit
  /// @returns true when there may be more
  virtual outcome<bool> prune(const journal_retention& limits, uint64_t now_ms,
                              const journal_hook& step) = 0;

  /// A job of any state as it was written down, or not_found.
  virtual outcome<job_report> report(const job_id& id) = 0;

  /// Ended jobs, the one that ended last first, then by descending id; those
  /// behind `query.after` unless that is zero. not_found when the job to go on
  /// behind is gone or hasn't ended. Between 1 and `max_page_rows` of them.
  virtual outcome<std::vector<job_summary>> ended(const job_query& query) = 0;

  /// The lines of a job's log, oldest first; none when it isn't known.
  virtual outcome<std::vector<log_line>> logs(const job_id& id) = 0;

  /// A job of any state with all its attempts, but without its plan, which ends
  /// with the job; or not_found.
  virtual outcome<remembered_job> remembered(const job_id& id) = 0;
};

/// Opens a store; may take seconds. journal_failed when it can't be used.
using journal_opener = std::function<outcome<std::unique_ptr<journal_store>>()>;

} // namespace troupe
