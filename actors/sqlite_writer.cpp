#include "actors/sqlite_writer.hpp"

#include <optional>

#include "actors/journal_payload.hpp"
#include "actors/journal_store.hpp"
#include "messages/member.hpp"

namespace troupe {

namespace {

/// The statements, in the order of `texts`.
enum statement_index : size_t {
  find_key,
  insert_job,
  insert_record,
  update_record,
  put_plan,
  put_attempt,
  put_node,
  last_line,
  insert_line,
  delete_plan,
  first_deletion = delete_plan,
  delete_job,
  delete_record,
  delete_attempts,
  delete_log,
  count,
};

// What is written about a job that isn't there is left out: it was forgotten.
const std::vector<const char*> texts{
    "SELECT id FROM job WHERE key = ?1",
    "INSERT INTO job VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (id) DO NOTHING",
    "INSERT INTO record VALUES"
    " (?1, ?2, 0, ?3, 0, 0, 0, 0, '', NULL, 0, NULL, NULL)"
    " ON CONFLICT (id) DO NOTHING",
    "UPDATE record SET state = ?2, ended = ?3, wish = ?4, started_ms = ?5,"
    " finished_ms = ?6, tries = ?7, crashes = ?8, node = ?9, lost_nodes = ?10,"
    " error_code = ?11, error = ?12, result = ?13 WHERE id = ?1",
    "REPLACE INTO plan SELECT ?1, ?2, ?3 WHERE EXISTS"
    " (SELECT 1 FROM record WHERE id = ?1 AND ended = 0)",
    "REPLACE INTO attempt SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11"
    " WHERE EXISTS (SELECT 1 FROM record WHERE id = ?1)",
    "REPLACE INTO node VALUES (?1, ?2)",
    "SELECT (SELECT max(number) FROM log WHERE job = ?1) FROM record"
    " WHERE id = ?1",
    "INSERT INTO log VALUES (?1, ?2, ?3, ?4)",
    "DELETE FROM plan WHERE job = ?1",
    "DELETE FROM job WHERE id = ?1",
    "DELETE FROM record WHERE id = ?1",
    "DELETE FROM attempt WHERE job = ?1",
    "DELETE FROM log WHERE job = ?1",
};

} // namespace

outcome<sqlite_writer> sqlite_writer::open(sqlite_database& database) {
  auto statements = database.prepare_all(texts);
  if (!statements)
    return std::move(statements.error());
  return sqlite_writer{std::move(*statements)};
}

outcome<job_id> sqlite_writer::submit(const submitted_job& job) {
  const auto& key = job.request.key;
  std::optional<std::string> stored_key;
  if (!key.empty()) {
    auto& find = statements_[find_key].bind(key);
    auto row = find.step();
    if (!row)
      return std::move(row.error());
    if (*row) {
      auto first = find.id(0);
      find.reset();
      return first;
    }
    stored_key = key;
  }
  const auto& spec = job.request.spec;
  auto text = write_spec(spec);
  if (auto done = statements_[insert_job]
                      .bind(job.id, stored_key, spec.name, job.priority,
                            job.created_ms, text)
                      .run();
      !done)
    return std::move(done.error());
  if (auto done = statements_[insert_record]
                      .bind(job.id, job_state::queued, job_wish::run)
                      .run();
      !done)
    return std::move(done.error());
  return job.id;
}

outcome<void> sqlite_writer::apply(const journal_change& change) {
  // Plans before jobs: one that ended has none.
  if (auto done = put_all(change.plans); !done)
    return done;
  if (auto done = put_all(change.jobs); !done)
    return done;
  if (auto done = put_all(change.attempts); !done)
    return done;
  if (auto done = put_all(change.nodes); !done)
    return done;
  if (auto done = put_log(change.log); !done)
    return done;
  for (const auto& id : change.forgotten)
    if (auto done = forget(id); !done)
      return done;
  return {};
}

outcome<void> sqlite_writer::forget(const job_id& id) {
  for (size_t i = first_deletion; i < count; ++i)
    if (auto done = statements_[i].bind(id).run(); !done)
      return done;
  return {};
}

outcome<void> sqlite_writer::put(const job_record& x) {
  std::optional<std::string> lost;
  std::optional<std::string> error;
  std::optional<std::string> result;
  if (!x.lost_nodes.empty())
    lost = write_names(x.lost_nodes);
  if (x.error.code != ec::none)
    error = write_failure(x.error);
  if (x.result)
    result = write_result(*x.result);
  auto ended = is_final(x.state);
  if (auto done = statements_[update_record]
                      .bind(x.id, x.state, ended, x.wish, x.started_ms,
                            x.finished_ms, x.tries, x.crashes, x.node, lost,
                            x.error.code, error, result)
                      .run();
      !done || !ended)
    return done;
  return statements_[delete_plan].bind(x.id).run();
}

outcome<void> sqlite_writer::put(const plan_record& x) {
  auto bytes = write_plan(x.plan);
  return statements_[put_plan]
      .bind(x.id, protocol_version, sqlite_blob{bytes})
      .run();
}

outcome<void> sqlite_writer::put(const attempt_record& x) {
  return statements_[put_attempt]
      .bind(x.id.job, x.id.task, x.id.number, x.kind, x.node, x.incarnation,
            x.granted, x.end, x.code, x.started_ms, x.ended_ms)
      .run();
}

outcome<void> sqlite_writer::put(const node_record& x) {
  return statements_[put_node].bind(x.name, x.drained).run();
}

outcome<void> sqlite_writer::put_log(const std::vector<log_line>& lines) {
  // The lines of a change are of one job, as a rule.
  std::optional<job_id> job;
  std::optional<int64_t> last;
  for (const auto& x : lines) {
    if (job != x.job) {
      auto found = last_line_of(x.job);
      if (!found)
        return std::move(found.error());
      job = x.job;
      last = *found;
    }
    if (!last || *last >= max_log_lines)
      continue;
    static const std::string full = log_is_full;
    const auto& text = ++*last == max_log_lines ? full : x.text;
    if (auto done =
            statements_[insert_line].bind(x.job, *last, x.time_ms, text).run();
        !done)
      return done;
  }
  return {};
}

outcome<std::optional<int64_t>> sqlite_writer::last_line_of(const job_id& job) {
  auto& last = statements_[last_line].bind(job);
  auto row = last.step();
  if (!row)
    return std::move(row.error());
  std::optional<int64_t> result;
  if (*row) {
    result = last.integer(0);
    last.reset();
  }
  return result;
}

} // namespace troupe
