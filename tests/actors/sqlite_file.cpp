#define CAF_SUITE sqlite_file

#include "actors/sqlite_file.hpp"

#include <filesystem>

#include <caf/test/dsl.hpp>

#include <sys/stat.h>

#include "actors/sqlite_store.hpp"
#include "tests/actors/journal_samples.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

struct fixture {
  temporary_folder folder;
  std::string path = folder / "journal.db";

  outcome<sqlite_database>
  open(const sqlite_schema& schema = journal_schema()) {
    return open_journal_file(path, schema);
  }

  /// A journal with a job, as it is after a clean end.
  void make() {
    auto store = sqlite_store::open(path);
    CAF_REQUIRE(static_cast<bool>(store));
    CAF_REQUIRE(static_cast<bool>((*store)->begin_reign(no_hook)));
    std::vector<journal_entry> batch{plain_job(1)};
    CAF_REQUIRE(static_cast<bool>((*store)->commit(batch, no_hook)));
  }

  std::string bytes() { return folder.read("journal.db"); }

  void write(const std::string& text) { folder.write("journal.db", text); }

  /// Opening fails, says what helps, and leaves every byte as it is.
  failure refused(const sqlite_schema& schema = journal_schema()) {
    auto before = bytes();
    auto log_before = folder.read("journal.db-wal");
    auto result = open(schema);
    CAF_REQUIRE(!result);
    CAF_CHECK(result.error().code == ec::journal_failed);
    CAF_CHECK_EQUAL(result.error().subject, path);
    CAF_CHECK(!result.error().cause.empty());
    CAF_CHECK(result.error().advice.find("nothing was written")
              != std::string::npos);
    CAF_CHECK(bytes() == before);
    CAF_CHECK(folder.read("journal.db-wal") == log_before);
    return result.error();
  }
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  CAF_REQUIRE_EQUAL(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_file_tests, fixture)

CAF_TEST(a new journal is readable for its owner only) {
  auto store = sqlite_store::open(path);
  CAF_REQUIRE(static_cast<bool>(store));
  CAF_REQUIRE(static_cast<bool>((*store)->begin_reign(no_hook)));
  for (const auto& name : folder.names())
    CAF_CHECK_EQUAL(mode_of(folder / name), 0600u);
  CAF_CHECK(folder.names().contains("journal.db-wal"));
}

CAF_TEST(a clean end leaves one file) {
  make();
  CAF_CHECK(folder.names() == std::set<std::string>{"journal.db"});
  auto database = open();
  CAF_REQUIRE(static_cast<bool>(database));
  CAF_CHECK_EQUAL(*database->number("SELECT count(*) FROM job"), 1);
}

CAF_TEST(commits are flushed and the file says what it is) {
  auto database = open();
  CAF_REQUIRE(static_cast<bool>(database));
  CAF_CHECK_EQUAL(*database->number("PRAGMA synchronous"), 2);
  CAF_CHECK_EQUAL(*database->number("PRAGMA user_version"), 1);
  CAF_CHECK_EQUAL(*database->number("PRAGMA application_id"),
                  int64_t{journal_application_id});
  auto mode = database->prepare("PRAGMA journal_mode");
  CAF_REQUIRE(static_cast<bool>(mode) && *mode->step());
  CAF_CHECK_EQUAL(mode->text(0), "wal");
}

CAF_TEST(what an interrupted creation left is no hindrance) {
  folder.write("journal.db.new", "half a jour");
  folder.write("journal.db.new-journal", "x");
  CAF_CHECK(static_cast<bool>(open()));
  CAF_CHECK(folder.names() == std::set<std::string>{"journal.db"});
}

CAF_TEST(a folder that is not there is named) {
  path = folder / "nowhere/journal.db";
  auto result = open();
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::journal_failed);
  CAF_CHECK(result.error().subject.find("nowhere") != std::string::npos);
}

CAF_TEST(an empty file is a journal that was emptied) {
  write("");
  CAF_CHECK(refused().cause.find("cut short") != std::string::npos);
}

CAF_TEST(garbage and other files are no journal) {
  write(std::string(5000, 'x'));
  refused();
  write("name = \"alpha\"\n");
  refused();
}

CAF_TEST(a folder is no journal) {
  std::filesystem::create_directory(path);
  auto result = open();
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::journal_failed);
}

CAF_TEST(a journal with a broken head is refused) {
  make();
  auto good = bytes();
  for (size_t offset : {0, 5, 15, 16, 18, 68, 71}) {
    auto bad = good;
    bad[offset] = static_cast<char>(bad[offset] ^ 0x5a);
    write(bad);
    refused();
  }
  write(good);
  CAF_CHECK(static_cast<bool>(open()));
}

CAF_TEST(a journal that was cut short is refused) {
  make();
  auto good = bytes();
  for (size_t size : {size_t{1}, size_t{99}, size_t{100}, size_t{4096},
                      good.size() / 2, good.size() - 4096, good.size() - 1}) {
    write(good.substr(0, size));
    refused();
  }
}

CAF_TEST(a journal with a page of garbage is refused) {
  make();
  auto good = bytes();
  for (size_t page = 4096; page < good.size(); page += 4096) {
    auto bad = good;
    bad.replace(page, 4096, 4096, '\x7f');
    write(bad);
    refused();
  }
}

CAF_TEST(a database of another program is no journal) {
  CAF_REQUIRE(static_cast<bool>(open()));
  {
    auto database = sqlite_database::open(path);
    CAF_REQUIRE(static_cast<bool>(database));
    CAF_REQUIRE(
        static_cast<bool>(database->execute("PRAGMA application_id = 7")));
  }
  CAF_CHECK(refused().cause.find("no journal of troupe") != std::string::npos);
}

CAF_TEST(a journal of a newer troupe is refused) {
  make();
  auto newer = journal_schema();
  newer.emplace_back("ALTER TABLE job ADD COLUMN colour TEXT");
  CAF_REQUIRE(static_cast<bool>(open(newer)));
  auto error = refused();
  CAF_CHECK(error.cause.find("newer troupe") != std::string::npos);
  CAF_CHECK(static_cast<bool>(open(newer)));
}

CAF_TEST(a newer version that is in the log only is refused too) {
  make();
  auto newer = journal_schema();
  newer.emplace_back("ALTER TABLE job ADD COLUMN colour TEXT");
  auto database = open(newer);
  CAF_REQUIRE(static_cast<bool>(database));
  database->checkpoint_at_close(false);
  CAF_REQUIRE(static_cast<bool>(database->execute("DELETE FROM node")));
  // As a crash leaves it.
  auto other = folder / "copy.db";
  std::filesystem::copy_file(path, other);
  std::filesystem::copy_file(path + "-wal", other + "-wal");
  CAF_REQUIRE(!folder.read("copy.db-wal").empty());
  auto result = open_journal_file(other, journal_schema());
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().cause.find("newer troupe") != std::string::npos);
  CAF_CHECK(folder.read("copy.db") == bytes());
  CAF_CHECK(folder.read("copy.db-wal") == folder.read("journal.db-wal"));
}

CAF_TEST(an older journal is migrated with all that it holds) {
  make();
  auto newer = journal_schema();
  newer.emplace_back("ALTER TABLE job ADD COLUMN colour TEXT;"
                     "UPDATE job SET colour = 'red ' || name");
  newer.emplace_back("CREATE TABLE extra (x); INSERT INTO extra VALUES (7)");
  auto database = open(newer);
  CAF_REQUIRE(static_cast<bool>(database));
  CAF_CHECK_EQUAL(*database->number("PRAGMA user_version"), 3);
  CAF_CHECK_EQUAL(
      *database->number("SELECT count(*) FROM job WHERE colour = 'red job 1'"),
      1);
  CAF_CHECK_EQUAL(*database->number("SELECT x FROM extra"), 7);
}

CAF_TEST(a step that fails leaves the journal at its version) {
  make();
  auto newer = journal_schema();
  newer.emplace_back("CREATE TABLE extra (x); CREATE TABLE job (x)");
  auto result = open(newer);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::journal_failed);
  auto database = open();
  CAF_REQUIRE(static_cast<bool>(database));
  CAF_CHECK_EQUAL(*database->number("PRAGMA user_version"), 1);
  CAF_CHECK_EQUAL(*database->number("SELECT count(*) FROM sqlite_master"
                                    " WHERE name = 'extra'"),
                  0);
}

CAF_TEST(a log without its journal is refused) {
  folder.write("journal.db-wal", "something");
  CAF_CHECK(refused().cause.find("-wal") != std::string::npos);
  CAF_CHECK(folder.names() == std::set<std::string>{"journal.db-wal"});
}

CAF_TEST(a journal that somebody else writes to is waited for in vain) {
  make();
  auto other = sqlite_database::open(path);
  CAF_REQUIRE(static_cast<bool>(other));
  auto transaction = sqlite_transaction::begin(*other);
  CAF_REQUIRE(static_cast<bool>(transaction));
  auto mine = sqlite_database::open(path);
  CAF_REQUIRE(static_cast<bool>(mine));
  CAF_REQUIRE(static_cast<bool>(mine->execute("PRAGMA busy_timeout = 0")));
  auto refused_one = sqlite_transaction::begin(*mine);
  CAF_REQUIRE(!refused_one);
  CAF_CHECK(refused_one.error().code == ec::journal_failed);
  CAF_CHECK(refused_one.error().advice.find("another process")
            != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
