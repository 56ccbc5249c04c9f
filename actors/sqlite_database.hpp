#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "messages/ids.hpp"
#include "messages/outcome.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite as far as the journal uses it. Failures name the file and are
/// `disk_full` when there is no room (or none for us: quota, file size limit),
/// `journal_failed` otherwise.
namespace troupe {

/// Bytes that are stored as such, not as text.
struct sqlite_blob {
  std::string_view bytes;
};

/// A prepared statement; its database must outlive it.
class sqlite_statement {
public:
  /// Starts it anew with these values for ?1, ?2, ... Integers, enums and bools
  /// are stored as integers, ids as blobs, strings as text, nullopt and nullptr
  /// as NULL. Strings and bytes aren't copied: they must live until the last
  /// step.
  template <class... Ts>
  sqlite_statement& bind(const Ts&... values) {
    reset();
    int index = 0;
    (put(++index, values), ...);
    return *this;
  }

  /// Goes on. @returns true when a row is there, false at the end
  outcome<bool> step();

  /// Goes to the end, for statements that have no rows.
  outcome<void> run();

  /// Ends it early, and with it the reading transaction that it holds open.
  void reset();

  // Columns of the row, from 0. Views hold until the next step.
  bool null(int column) const;
  int64_t integer(int column) const;
  std::string_view bytes(int column) const;
  std::string text(int column) const { return std::string{bytes(column)}; }
  job_id id(int column) const;

  template <class T>
  T number(int column) const {
    return static_cast<T>(integer(column));
  }

private:
  friend class sqlite_database;

  struct finalizer {
    void operator()(sqlite3_stmt* x) const noexcept;
  };

  explicit sqlite_statement(sqlite3_stmt* handle) : handle_(handle) {}

  void put(int index, std::string_view text);
  void put(int index, const job_id& id);
  void put(int index, sqlite_blob blob);
  void put(int index, std::nullptr_t);
  void put_integer(int index, int64_t value);

  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void put(int index, T value) {
    put_integer(index, static_cast<int64_t>(value));
  }

  // A template, so that no string is taken for one that may be missing.
  template <class T>
  void put(int index, const std::optional<T>& value) {
    if (value)
      put(index, *value);
    else
      put(index, nullptr);
  }

  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

/// A connection to an existing file.
class sqlite_database {
public:
  /// Opens a file that exists for reading and writing; writes nothing yet.
  static outcome<sqlite_database> open(const std::string& path);

  /// Runs statements that have no parameters.
  outcome<void> execute(const std::string& sql);

  outcome<sqlite_statement> prepare(const char* sql);

  /// The statements in the same order.
  outcome<std::vector<sqlite_statement>>
  prepare_all(const std::vector<const char*>& list);

  /// The first column of the first row, or 0.
  outcome<int64_t> number(const char* sql);

  /// Rows that were changed since it was opened.
  int64_t changes() const;

  /// Whether closing moves the write-ahead log into the file. Without, closing
  /// leaves every byte as it is.
  void checkpoint_at_close(bool on);

  const std::string& path() const { return path_; }

private:
  friend class sqlite_transaction;

  struct closer {
    void operator()(sqlite3* x) const noexcept;
  };

  sqlite_database(sqlite3* handle, std::string path)
      : handle_(handle), path_(std::move(path)) {}

  std::unique_ptr<sqlite3, closer> handle_;
  std::string path_;
};

/// A transaction that may write; rolled back unless committed. Its database
/// must outlive it and stay where it is.
class sqlite_transaction {
public:
  static outcome<sqlite_transaction> begin(sqlite_database& database);

  /// When this succeeded everything is durable.
  outcome<void> commit();

private:
  struct roller {
    void operator()(sqlite_database* x) const noexcept;
  };

  explicit sqlite_transaction(sqlite_database& x) : open_(&x) {}

  std::unique_ptr<sqlite_database, roller> open_;
};

/// What to do when a journal can't be used, in a sentence.
extern const char* const damaged_journal_advice;

} // namespace troupe
