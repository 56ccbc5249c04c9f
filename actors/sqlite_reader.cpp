#include "actors/sqlite_reader.hpp"

#include <algorithm>
#include <utility>

#include "actors/journal_payload.hpp"
#include "actors/journal_report.hpp"
#include "actors/journal_store.hpp"
#include "messages/member.hpp"

namespace troupe {

namespace {

#define TROUPE_JOB_COLUMNS                                                     \
  "job.id, job.key, job.name, job.priority, job.created_ms, job.spec, "        \
  "state, wish, started_ms, finished_ms, tries, crashes, node, lost_nodes, "   \
  "error, result"

#define TROUPE_ATTEMPT_COLUMNS                                                 \
  "attempt.job, task, number, kind, attempt.node, incarnation, granted, end, " \
  "code, attempt.started_ms, ended_ms"

#define TROUPE_SUMMARY_COLUMNS                                                 \
  "SELECT job.id, name, state, priority, created_ms, finished_ms, error_code " \
  "FROM record JOIN job ON job.id = record.id WHERE ended = 1 "

/// The statements, in the order of `texts`.
enum statement_index : size_t {
  open_jobs,
  open_plans,
  open_attempts,
  all_nodes,
  one_job,
  attempts_of_job,
  log_of_job,
  first_page,
  finish_of_job,
  next_page,
  ended_count,
  ended_first,
};

// CROSS JOIN fixes the order in which SQLite goes through the tables: what
// hasn't ended first, which is little however many jobs have.
const std::vector<const char*> texts{
    "SELECT " TROUPE_JOB_COLUMNS
    " FROM record INDEXED BY record_open CROSS JOIN job"
    " ON job.id = record.id WHERE ended = 0 ORDER BY record.id",
    "SELECT job, protocol, plan FROM record INDEXED BY record_open CROSS JOIN "
    "plan"
    " ON job = id WHERE ended = 0 ORDER BY id",
    "SELECT " TROUPE_ATTEMPT_COLUMNS
    " FROM record INDEXED BY record_open CROSS JOIN attempt"
    " ON job = id WHERE ended = 0 ORDER BY id, task, number",
    "SELECT name, drained FROM node ORDER BY name",
    "SELECT " TROUPE_JOB_COLUMNS " FROM record JOIN job ON job.id = record.id"
    " WHERE record.id = ?1",
    "SELECT " TROUPE_ATTEMPT_COLUMNS " FROM attempt WHERE job = ?1"
    " ORDER BY task, number",
    "SELECT time_ms, text FROM log WHERE job = ?1 ORDER BY number LIMIT ?2",
    TROUPE_SUMMARY_COLUMNS "ORDER BY finished_ms DESC, record.id DESC LIMIT ?1",
    "SELECT finished_ms FROM record WHERE id = ?1 AND ended = 1",
    TROUPE_SUMMARY_COLUMNS "AND (finished_ms, record.id) < (?2, ?3) "
                           "ORDER BY finished_ms DESC, record.id DESC LIMIT ?1",
    "SELECT count(*) FROM record WHERE ended = 1",
    "SELECT id FROM record WHERE ended = 1 AND finished_ms < ?1"
    " ORDER BY finished_ms, id LIMIT ?2",
};

#undef TROUPE_JOB_COLUMNS
#undef TROUPE_ATTEMPT_COLUMNS
#undef TROUPE_SUMMARY_COLUMNS

constexpr bool within(auto value, auto first, auto last) {
  return value >= first && value <= last;
}

/// True when the columns from `column` on hold a record that can be.
bool read_record(const sqlite_statement& row, int column, job_record& to) {
  to.state = row.number<job_state>(column++);
  to.wish = row.number<job_wish>(column++);
  to.started_ms = row.number<uint64_t>(column++);
  to.finished_ms = row.number<uint64_t>(column++);
  to.tries = row.number<uint32_t>(column++);
  to.crashes = row.number<uint32_t>(column++);
  to.node = row.text(column++);
  auto good = within(to.state, job_state::queued, job_state::paused)
              && within(to.wish, job_wish::run, job_wish::cancel);
  // A column that is NULL has the default; one that can't be read, nothing.
  auto read = [&](auto function, auto& field) {
    if (!row.null(column)) {
      auto value = function(row.bytes(column));
      good = good && value.has_value();
      if (value)
        field = std::move(*value);
    }
    ++column;
  };
  read(read_names, to.lost_nodes);
  read(read_failure, to.error);
  read(read_result, to.result);
  return good;
}

job_summary summary_at(const sqlite_statement& row) {
  job_summary result;
  result.id = row.id(0);
  result.name = row.text(1);
  result.state = row.number<job_state>(2);
  result.priority = row.number<uint32_t>(3);
  result.progress = result.state == job_state::completed ? 1 : 0;
  result.created_ms = row.number<uint64_t>(4);
  result.finished_ms = row.number<uint64_t>(5);
  result.error = row.number<ec>(6);
  return result;
}

failure not_known(const job_id& id) {
  return {ec::not_found, to_string(id), "no such job", "see `troupe jobs`"};
}

/// Calls `take` for every row. It returns an outcome<void>.
template <class F>
outcome<void> for_each_row(sqlite_statement& statement, F take) {
  for (;;) {
    auto row = statement.step();
    if (!row)
      return std::move(row.error());
    if (!*row)
      return {};
    if (outcome<void> taken = take(); !taken) {
      statement.reset();
      return taken;
    }
  }
}

} // namespace

outcome<sqlite_reader> sqlite_reader::open(sqlite_database& database) {
  auto statements = database.prepare_all(texts);
  if (!statements)
    return std::move(statements.error());
  return sqlite_reader{std::move(*statements), database.path()};
}

failure sqlite_reader::damaged(const job_id& id) const {
  return {ec::journal_failed, path_,
          "the journal is damaged: what it holds about job " + to_string(id)
              + " can't be read",
          damaged_journal_advice};
}

outcome<remembered_job>
sqlite_reader::job_at(const sqlite_statement& row) const {
  constexpr int spec_column = 5;
  remembered_job result;
  auto& job = result.job;
  job.id = row.id(0);
  auto spec = read_spec(row.bytes(spec_column));
  if (!spec || job.id == job_id{})
    return damaged(job.id);
  job.request.spec = std::move(*spec);
  job.request.key = row.text(1);
  job.request.spec.name = row.text(2);
  job.priority = row.number<uint32_t>(3);
  job.created_ms = row.number<uint64_t>(4);
  result.record.id = job.id;
  if (!read_record(row, spec_column + 1, result.record))
    return damaged(job.id);
  return result;
}

outcome<attempt_record>
sqlite_reader::attempt_at(const sqlite_statement& row) const {
  attempt_record x;
  x.id = {row.id(0), row.number<uint32_t>(1), row.number<uint32_t>(2)};
  x.kind = row.number<task_kind>(3);
  x.node = row.text(4);
  x.incarnation = row.number<uint64_t>(5);
  x.granted = row.integer(6) != 0;
  x.end = row.number<attempt_end>(7);
  x.code = row.number<ec>(8);
  x.started_ms = row.number<uint64_t>(9);
  x.ended_ms = row.number<uint64_t>(10);
  if (!within(x.kind, task_kind::probe, task_kind::whole)
      || !within(x.end, attempt_end::none, attempt_end::cancelled))
    return damaged(x.id.job);
  return x;
}

outcome<journal_image> sqlite_reader::image(uint64_t epoch) {
  journal_image result;
  result.epoch = epoch;
  if (auto done = read_open_jobs(result); !done)
    return std::move(done.error());
  if (auto done = read_plans(result); !done)
    return std::move(done.error());
  if (auto done = read_attempts(result); !done)
    return std::move(done.error());
  if (auto done = read_nodes(result); !done)
    return std::move(done.error());
  return result;
}

outcome<void> sqlite_reader::read_open_jobs(journal_image& image) {
  auto& row = statements_[open_jobs].bind();
  return for_each_row(row, [&]() -> outcome<void> {
    auto job = job_at(row);
    if (!job)
      return std::move(job.error());
    image.jobs.push_back(std::move(*job));
    return {};
  });
}

outcome<void> sqlite_reader::read_plans(journal_image& image) {
  auto& row = statements_[open_plans].bind();
  // Both are in the order of the ids.
  auto job = image.jobs.begin();
  return for_each_row(row, [&]() -> outcome<void> {
    while (job != image.jobs.end() && job->job.id < row.id(0))
      ++job;
    // A plan that another version wrote is made anew.
    if (job != image.jobs.end() && job->job.id == row.id(0)
        && row.number<uint32_t>(1) == protocol_version)
      job->plan = read_plan(row.bytes(2));
    return {};
  });
}

outcome<void> sqlite_reader::read_attempts(journal_image& image) {
  auto& row = statements_[open_attempts].bind();
  auto job = image.jobs.begin();
  return for_each_row(row, [&]() -> outcome<void> {
    auto attempt = attempt_at(row);
    if (!attempt)
      return std::move(attempt.error());
    while (job != image.jobs.end() && job->job.id < attempt->id.job)
      ++job;
    if (job != image.jobs.end() && job->job.id == attempt->id.job)
      job->attempts.push_back(std::move(*attempt));
    return {};
  });
}

outcome<void> sqlite_reader::read_nodes(journal_image& image) {
  auto& row = statements_[all_nodes].bind();
  return for_each_row(row, [&]() -> outcome<void> {
    image.nodes.push_back({row.text(0), row.integer(1) != 0});
    return {};
  });
}

outcome<remembered_job> sqlite_reader::remembered(const job_id& id) {
  auto& row = statements_[one_job].bind(id);
  auto found = row.step();
  if (!found)
    return std::move(found.error());
  if (!*found)
    return not_known(id);
  auto job = job_at(row);
  row.reset();
  if (!job)
    return std::move(job.error());
  auto& attempt_row = statements_[attempts_of_job].bind(id);
  auto done = for_each_row(attempt_row, [&]() -> outcome<void> {
    auto attempt = attempt_at(attempt_row);
    if (!attempt)
      return std::move(attempt.error());
    job->attempts.push_back(std::move(*attempt));
    return {};
  });
  if (!done)
    return std::move(done.error());
  return job;
}

outcome<job_report> sqlite_reader::report(const job_id& id) {
  auto job = remembered(id);
  if (!job)
    return std::move(job.error());
  return report_of(job->job, job->record, job->attempts);
}

outcome<std::vector<job_summary>> sqlite_reader::ended(const job_query& query) {
  auto limit = std::clamp(query.limit, 1u, max_page_rows);
  auto page = &statements_[first_page].bind(limit);
  if (query.after != job_id{}) {
    auto& finish = statements_[finish_of_job].bind(query.after);
    auto row = finish.step();
    if (!row)
      return std::move(row.error());
    if (!*row)
      return failure{ec::not_found, to_string(query.after),
                     "it is no ended job any more",
                     "read the list from its beginning"};
    auto finished = finish.integer(0);
    finish.reset();
    page = &statements_[next_page].bind(limit, finished, query.after);
  }
  std::vector<job_summary> result;
  auto done = for_each_row(*page, [&]() -> outcome<void> {
    result.push_back(summary_at(*page));
    return {};
  });
  if (!done)
    return std::move(done.error());
  return result;
}

outcome<std::vector<log_line>> sqlite_reader::logs(const job_id& id) {
  auto& row = statements_[log_of_job].bind(id, max_log_lines);
  std::vector<log_line> result;
  auto done = for_each_row(row, [&]() -> outcome<void> {
    result.push_back({id, row.number<uint64_t>(0), row.text(1)});
    return {};
  });
  if (!done)
    return std::move(done.error());
  return result;
}

outcome<uint64_t> sqlite_reader::count_ended() {
  auto& row = statements_[ended_count].bind();
  auto found = row.step();
  if (!found)
    return std::move(found.error());
  auto result = row.number<uint64_t>(0);
  row.reset();
  return result;
}

outcome<std::vector<job_id>> sqlite_reader::oldest_ended(uint64_t before_ms,
                                                         uint64_t limit) {
  auto& row = statements_[ended_first].bind(before_ms, limit);
  std::vector<job_id> result;
  auto done = for_each_row(row, [&]() -> outcome<void> {
    result.push_back(row.id(0));
    return {};
  });
  if (!done)
    return std::move(done.error());
  return result;
}

} // namespace troupe
