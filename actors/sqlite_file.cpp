#include "actors/sqlite_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "encode/unique_fd.hpp"

namespace troupe {

namespace {

failure refusal(const std::string& path, std::string cause) {
  return {ec::journal_failed, path, std::move(cause), damaged_journal_advice};
}

failure system_failure(const std::string& path, const std::string& call) {
  auto number = errno;
  auto code =
      number == ENOSPC || number == EDQUOT ? ec::disk_full : ec::journal_failed;
  return {code, path, call + ": " + std::strerror(number),
          "check that the folder exists, its rights and its room"};
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

outcome<void> sync(const std::string& path) {
  unique_fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file || ::fsync(file.get()) != 0)
    return system_failure(path, "fsync");
  return {};
}

/// Everything that a new journal has, under a name that nobody opens.
outcome<void> fill(const std::string& path, const sqlite_schema& schema) {
  {
    unique_fd file{
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file)
      return system_failure(path, "open");
  }
  auto database = sqlite_database::open(path);
  if (!database)
    return std::move(database.error());
  auto head =
      "PRAGMA application_id = " + std::to_string(journal_application_id);
  if (auto done = database->execute(head); !done)
    return done;
  if (auto done = migrate(*database, schema); !done)
    return done;
  return database->execute("PRAGMA journal_mode = WAL");
}

/// A crash leaves nothing under the final name, or a whole journal: one that is
/// empty was emptied by something else.
outcome<void> create(const std::string& path, const sqlite_schema& schema) {
  auto draft = path + ".new";
  for (auto suffix : {"", "-journal", "-wal", "-shm"})
    ::unlink((draft + suffix).c_str());
  if (auto done = fill(draft, schema); !done)
    return done;
  if (auto done = sync(draft); !done)
    return done;
  if (::link(draft.c_str(), path.c_str()) != 0)
    return system_failure(path, "link");
  ::unlink(draft.c_str());
  auto folder = std::filesystem::path{path}.parent_path().string();
  return sync(folder.empty() ? "." : folder);
}

/// Looks at the head of the file, before SQLite comes near it.
outcome<void> look_at_head(const std::string& path) {
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  constexpr size_t application_id_offset = 68;
  std::array<char, 100> head{};
  unique_fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file)
    return system_failure(path, "open");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return refusal(path, "is no file");
  if (auto count = ::read(file.get(), head.data(), head.size()); count < 0)
    return system_failure(path, "read");
  else if (count < static_cast<ssize_t>(head.size()))
    return refusal(path, "the journal was cut short");
  if (std::string_view{head.data(), magic.size()} != magic)
    return refusal(path, "the journal is damaged: its head is no SQLite's");
  uint32_t id = 0;
  for (size_t i = 0; i < sizeof(id); ++i)
    id = id << 8 | static_cast<uint8_t>(head[application_id_offset + i]);
  if (id != journal_application_id)
    return refusal(path, "is a database, but no journal of troupe");
  return {};
}

outcome<void> look_at_version(sqlite_database& database, size_t newest) {
  auto version = database.number("PRAGMA user_version");
  if (!version)
    return std::move(version.error());
  if (*version < 1)
    return refusal(database.path(),
                   "the journal is damaged: it has no version");
  if (*version > static_cast<int64_t>(newest))
    return failure{ec::journal_failed, database.path(),
                   "written by a newer troupe: version "
                       + std::to_string(*version) + ", while this one knows "
                       + std::to_string(newest),
                   "nothing was written; install that troupe again"};
  return {};
}

outcome<void> look_for_damage(sqlite_database& database) {
  auto check = database.prepare("PRAGMA quick_check(1)");
  if (!check)
    return std::move(check.error());
  auto row = check->step();
  if (!row)
    return std::move(row.error());
  if (auto words = *row ? check->text(0) : "no answer"; words != "ok")
    return refusal(database.path(), "the journal is damaged: " + words);
  return {};
}

/// How it is written from now on. A commit is durable when it returns. Moving
/// the log into the file is rare, as it costs two more flushes.
outcome<void> set_up(sqlite_database& database) {
  return database.execute("PRAGMA journal_mode = WAL;"
                          "PRAGMA synchronous = FULL;"
                          "PRAGMA wal_autocheckpoint = 4000;"
                          "PRAGMA journal_size_limit = 67108864;"
                          "PRAGMA cache_size = -16384;"
                          "PRAGMA temp_store = MEMORY");
}

} // namespace

outcome<sqlite_database> open_journal_file(const std::string& path,
                                           const sqlite_schema& schema) {
  if (!exists(path)) {
    if (exists(path + "-wal"))
      return refusal(path, "is gone, while its -wal file is there");
    if (auto done = create(path, schema); !done)
      return std::move(done.error());
  }
  if (auto fine = look_at_head(path); !fine)
    return std::move(fine.error());
  auto database = sqlite_database::open(path);
  if (!database)
    return database;
  database->checkpoint_at_close(false);
  if (auto fine = look_at_version(*database, schema.size()); !fine)
    return std::move(fine.error());
  if (auto fine = look_for_damage(*database); !fine)
    return std::move(fine.error());
  if (auto done = set_up(*database); !done)
    return std::move(done.error());
  if (auto done = migrate(*database, schema); !done)
    return std::move(done.error());
  database->checkpoint_at_close(true);
  return database;
}

} // namespace troupe
