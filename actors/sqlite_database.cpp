#include "actors/sqlite_database.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <sqlite3.h>

namespace troupe {

const char* const damaged_journal_advice =
    "nothing was written; restore a copy of it, or see docs/journal.md on how "
    "to recover what can be read; only when its jobs are to be given up, move "
    "it away together with its -wal file";

namespace {

constexpr size_t half_id = 8;

/// What the kernel said to the write that failed, or 0. SQLite itself forgets
/// it when a commit fails; its files remember.
int io_errno(sqlite3* handle) {
  if (auto result = sqlite3_system_errno(handle); result != 0)
    return result;
  int result = 0;
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log && log->pMethods)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &result);
  if (result == 0)
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &result);
  return result;
}

/// A disk without room is SQLITE_FULL; a quota or limit that is reached is not.
bool no_room(sqlite3* handle, int code) {
  if ((code & 0xff) == SQLITE_FULL)
    return true;
  if ((code & 0xff) != SQLITE_IOERR)
    return false;
  auto cause = io_errno(handle);
  return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

std::string advice_for(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damaged_journal_advice;
    case SQLITE_BUSY:
      return "another process writes to it: end that one";
    default:
      return "check the disk and the rights of the file and its folder";
  }
}

/// The failure of the last call.
failure last_failure(sqlite3* handle) {
  auto code = sqlite3_extended_errcode(handle);
  auto path = sqlite3_db_filename(handle, "main");
  std::string subject = path ? path : "";
  if (no_room(handle, code))
    return {ec::disk_full, subject, "no room for the journal", "free space"};
  std::string cause = sqlite3_errmsg(handle);
  if (auto number = io_errno(handle);
      (code & 0xff) == SQLITE_IOERR && number != 0)
    cause += std::string{" ("} + std::strerror(number) + ")";
  return {ec::journal_failed, subject, cause, advice_for(code)};
}

} // namespace

void sqlite_statement::finalizer::operator()(sqlite3_stmt* x) const noexcept {
  sqlite3_finalize(x);
}

outcome<bool> sqlite_statement::step() {
  switch (sqlite3_step(handle_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      sqlite3_reset(handle_.get());
      return false;
    default: {
      auto error = last_failure(sqlite3_db_handle(handle_.get()));
      sqlite3_reset(handle_.get());
      return error;
    }
  }
}

outcome<void> sqlite_statement::run() {
  for (;;) {
    auto row = step();
    if (!row)
      return std::move(row.error());
    if (!*row)
      return {};
  }
}

void sqlite_statement::reset() {
  sqlite3_reset(handle_.get());
}

bool sqlite_statement::null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

int64_t sqlite_statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string_view sqlite_statement::bytes(int column) const {
  // In this order: the first call may convert, the second counts the result.
  auto data = sqlite3_column_blob(handle_.get(), column);
  auto size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const char*>(data), data ? static_cast<size_t>(size) : 0};
}

job_id sqlite_statement::id(int column) const {
  auto raw = bytes(column);
  if (raw.size() != 2 * half_id)
    return {};
  job_id result;
  for (size_t i = 0; i < half_id; ++i) {
    result.high = result.high << 8 | static_cast<uint8_t>(raw[i]);
    result.low = result.low << 8 | static_cast<uint8_t>(raw[half_id + i]);
  }
  return result;
}

// Binding fails only for an index that the statement doesn't have, or when
// memory is gone; then the step fails, or the tests.

void sqlite_statement::put(int index, std::string_view text) {
  // A view without data would be bound as NULL.
  sqlite3_bind_text64(handle_.get(), index, text.data() ? text.data() : "",
                      text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void sqlite_statement::put(int index, const job_id& id) {
  // Big endian, so that ids sort as they do in memory, by time.
  std::array<uint8_t, 2 * half_id> raw{};
  for (size_t i = 0; i < half_id; ++i) {
    raw[i] = static_cast<uint8_t>(id.high >> (8 * (half_id - 1 - i)));
    raw[half_id + i] = static_cast<uint8_t>(id.low >> (8 * (half_id - 1 - i)));
  }
  sqlite3_bind_blob(handle_.get(), index, raw.data(),
                    static_cast<int>(raw.size()), SQLITE_TRANSIENT);
}

void sqlite_statement::put(int index, sqlite_blob blob) {
  sqlite3_bind_blob64(handle_.get(), index, blob.bytes.data(),
                      blob.bytes.size(), SQLITE_STATIC);
}

void sqlite_statement::put(int index, std::nullptr_t) {
  sqlite3_bind_null(handle_.get(), index);
}

void sqlite_statement::put_integer(int index, int64_t value) {
  sqlite3_bind_int64(handle_.get(), index, value);
}

void sqlite_database::closer::operator()(sqlite3* x) const noexcept {
  sqlite3_close_v2(x);
}

outcome<sqlite_database> sqlite_database::open(const std::string& path) {
  sqlite3* raw = nullptr;
  auto code = sqlite3_open_v2(path.c_str(), &raw,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
                                  | SQLITE_OPEN_EXRESCODE,
                              nullptr);
  if (!raw)
    return failure{ec::journal_failed, path, sqlite3_errstr(code), ""};
  sqlite_database result{raw, path};
  if (code != SQLITE_OK) {
    auto error = last_failure(raw);
    error.subject = path;
    return error;
  }
  constexpr int busy_ms = 5000;
  sqlite3_busy_timeout(raw, busy_ms);
  return result;
}

outcome<void> sqlite_database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr)
      != SQLITE_OK)
    return last_failure(handle_.get());
  return {};
}

outcome<sqlite_statement> sqlite_database::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                         &raw, nullptr)
      != SQLITE_OK)
    return last_failure(handle_.get());
  return sqlite_statement{raw};
}

outcome<std::vector<sqlite_statement>>
sqlite_database::prepare_all(const std::vector<const char*>& list) {
  std::vector<sqlite_statement> result;
  for (auto sql : list) {
    auto statement = prepare(sql);
    if (!statement)
      return std::move(statement.error());
    result.push_back(std::move(*statement));
  }
  return result;
}

outcome<int64_t> sqlite_database::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement)
    return std::move(statement.error());
  auto row = statement->step();
  if (!row)
    return std::move(row.error());
  return *row ? statement->integer(0) : 0;
}

int64_t sqlite_database::changes() const {
  return sqlite3_total_changes64(handle_.get());
}

void sqlite_database::checkpoint_at_close(bool on) {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1,
                    nullptr);
}

void sqlite_transaction::roller::operator()(sqlite_database* x) const noexcept {
  // SQLite rolls back on its own after some errors.
  if (sqlite3_get_autocommit(x->handle_.get()) == 0)
    sqlite3_exec(x->handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

outcome<sqlite_transaction>
sqlite_transaction::begin(sqlite_database& database) {
  // The lock is taken at once: a transaction that turns from reading to
  // writing may be refused in its midst.
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun)
    return std::move(begun.error());
  return sqlite_transaction{database};
}

outcome<void> sqlite_transaction::commit() {
  if (auto done = open_->execute("COMMIT"); !done) {
    open_.reset();
    return done;
  }
  open_.release();
  return {};
}

} // namespace troupe
