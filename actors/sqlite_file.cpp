#include "actors/sqlite_file.hpp"

#include <algorithm>
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

/// True when commits lie beside the file at this path.
bool has_log(const std::string& path) {
  struct stat status {};
  return ::lstat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
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

/// A big-endian number of `size` bytes.
uint32_t number_at(std::string_view bytes, size_t offset, size_t size) {
  uint32_t result = 0;
  for (size_t i = 0; i < size; ++i)
    result = result << 8 | static_cast<uint8_t>(bytes[offset + i]);
  return result;
}

// https://www.sqlite.org/fileformat.html#the_database_header
constexpr size_t head_size = 100;
constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr size_t page_size_offset = 16;
constexpr size_t write_version_offset = 18;
constexpr uint32_t newest_write_version = 2; // SQLite only reads later ones
constexpr size_t application_id_offset = 68;

/// What the head tells of damage; "" when there is none.
std::string damage_of(std::string_view head, uint64_t size, bool with_log) {
  if (head.size() < head_size)
    return "the journal was cut short";
  auto write_version = number_at(head, write_version_offset, 1);
  auto page_size = number_at(head, page_size_offset, 2);
  if (head.substr(0, magic.size()) != magic || write_version < 1
      || write_version > newest_write_version || page_size == 0)
    return "the journal is damaged: its head is no SQLite's";
  if (number_at(head, application_id_offset, 4) != journal_application_id)
    return "is a database, but no journal of troupe";
  // SQLite doesn't mind half a page at the end. There may be one while the log
  // is being moved into the file, and then the log is there.
  if (!with_log && size % (page_size == 1 ? 65'536 : page_size) != 0)
    return "the journal was cut short";
  return {};
}

/// Looks at the head of the file, before SQLite comes near it.
outcome<void> look_at_head(const std::string& path) {
  unique_fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file)
    return system_failure(path, "open");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return refusal(path, "is no file");
  std::array<char, head_size> head{};
  auto count = ::read(file.get(), head.data(), head.size());
  if (count < 0)
    return system_failure(path, "read");
  auto damage = damage_of({head.data(), static_cast<size_t>(count)},
                          static_cast<uint64_t>(status.st_size), has_log(path));
  if (!damage.empty())
    return refusal(path, damage);
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
  auto words = *row ? check->text(0) : "no answer";
  std::replace(words.begin(), words.end(), '\n', ' ');
  if (words != "ok")
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
    if (has_log(path))
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
