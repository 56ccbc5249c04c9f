#include "actors/sqlite_schema.hpp"

namespace troupe {

namespace {

// What changes often is apart from what never does, so that a change rewrites
// few bytes. The partial indexes keep ended jobs out of the way of the others;
// SQLite looks into the row for `ended` unless the index has it too.
constexpr const char* version_1 = R"(
CREATE TABLE reign (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch INTEGER NOT NULL
);
INSERT INTO reign VALUES (1, 0);

CREATE TABLE job (
  id BLOB PRIMARY KEY,
  key TEXT,
  name TEXT NOT NULL,
  priority INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  spec TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX job_key ON job (key) WHERE key IS NOT NULL;

CREATE TABLE record (
  id BLOB PRIMARY KEY,
  state INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  wish INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  finished_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  crashes INTEGER NOT NULL,
  node TEXT NOT NULL,
  lost_nodes TEXT,
  error_code INTEGER NOT NULL,
  error TEXT,
  result TEXT
) WITHOUT ROWID;
CREATE INDEX record_open ON record (ended, id) WHERE ended = 0;
CREATE INDEX record_ended ON record (ended, finished_ms, id)
  WHERE ended = 1;

CREATE TABLE plan (
  job BLOB NOT NULL UNIQUE,
  protocol INTEGER NOT NULL,
  plan BLOB NOT NULL
);

CREATE TABLE attempt (
  job BLOB NOT NULL,
  task INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  node TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  granted INTEGER NOT NULL,
  end INTEGER NOT NULL,
  code INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER NOT NULL,
  PRIMARY KEY (job, task, number)
) WITHOUT ROWID;

CREATE TABLE log (
  job BLOB NOT NULL,
  number INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (job, number)
) WITHOUT ROWID;

CREATE TABLE node (
  name TEXT PRIMARY KEY,
  drained INTEGER NOT NULL
) WITHOUT ROWID;
)";

} // namespace

const sqlite_schema& journal_schema() {
  static const sqlite_schema result{version_1};
  return result;
}

outcome<void> migrate(sqlite_database& database, const sqlite_schema& schema) {
  for (;;) {
    auto transaction = sqlite_transaction::begin(database);
    if (!transaction)
      return std::move(transaction.error());
    // Read within the transaction: another process may have been quicker.
    auto version = database.number("PRAGMA user_version");
    if (!version)
      return std::move(version.error());
    auto index = static_cast<size_t>(*version);
    if (index >= schema.size())
      return {};
    auto sql =
        schema[index] + ";PRAGMA user_version = " + std::to_string(index + 1);
    if (auto done = database.execute(sql); !done)
      return done;
    if (auto done = transaction->commit(); !done)
      return done;
  }
}

} // namespace troupe
