#define CAF_SUITE sqlite_power_cut

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>

#include <caf/test/dsl.hpp>

#include <unistd.h>

#include "actors/sqlite_store.hpp"
#include "tests/actors/journal_samples.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr uint64_t commits = 12;

/// Commit N submits job N, tells job 1 that it is the Nth, and writes so many
/// lines that the log has several pages each.
std::vector<journal_entry> batch(uint64_t number) {
  auto record = plain_record(1, job_state::running);
  record.tries = static_cast<uint32_t>(number);
  journal_change change;
  change.jobs = {record};
  change.attempts = {full_attempt(number, 0, 1)};
  change.plans = {{numbered(number), full_plan()}};
  change.log = {{numbered(1), number, std::string(300, 'x')}};
  return {plain_job(number, "key " + std::to_string(number)), change};
}

/// What a power cut leaves is made up here; no disk is needed to find it.
std::filesystem::path memory_if_there_is() {
  std::filesystem::path memory{"/dev/shm"};
  return ::access(memory.c_str(), W_OK) == 0
             ? memory
             : std::filesystem::temp_directory_path();
}

struct fixture {
  temporary_folder folder{memory_if_there_is()};
  std::string journal_bytes;
  std::string log_bytes;
  std::string path = folder / "cut.db";

  /// The files as they are when the power goes after the last commit.
  fixture() {
    auto store = sqlite_store::open(folder / "journal.db");
    CAF_REQUIRE(store && (*store)->begin_reign(no_hook));
    for (uint64_t i = 1; i <= commits; ++i)
      CAF_REQUIRE(static_cast<bool>((*store)->commit(batch(i), no_hook)));
    journal_bytes = folder.read("journal.db");
    log_bytes = folder.read("journal.db-wal");
    CAF_REQUIRE(log_bytes.size() > 4096 * 2 * commits);
  }

  /// How many commits are left after a restart with this log: all of each or
  /// nothing of it, and none without those before it. Nothing when it's not so.
  std::optional<uint64_t> left(const std::string& log) {
    for (auto name : {"cut.db", "cut.db-wal", "cut.db-shm"})
      std::filesystem::remove(folder / name);
    folder.write("cut.db", journal_bytes);
    folder.write("cut.db-wal", log);
    auto store = sqlite_store::open(path);
    if (!store)
      return std::nullopt;
    auto image = (*store)->begin_reign(no_hook);
    auto lines = (*store)->logs(numbered(1));
    if (!image || !lines)
      return std::nullopt;
    auto count = image->jobs.size();
    auto good = lines->size() == count;
    for (size_t i = 0; i < count; ++i) {
      const auto& job = image->jobs[i];
      good = good && job.job.id == numbered(i + 1) && job.plan.has_value()
             && job.attempts.size() == 1;
    }
    good = good && (count == 0 || image->jobs[0].record.tries == count);
    // It goes on from there.
    good = good && (*store)->commit(batch(count + 1), no_hook);
    return good ? std::optional<uint64_t>{count} : std::nullopt;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_power_cut_tests, fixture)

CAF_TEST(with its log intact nothing is lost) {
  CAF_CHECK(left(log_bytes) == commits);
}

CAF_TEST(a log that was cut anywhere keeps a prefix of the commits) {
  uint64_t before = 0;
  for (size_t size = 0; size < log_bytes.size(); size += 512) {
    auto now = left(log_bytes.substr(0, size));
    CAF_REQUIRE(now.has_value());
    CAF_REQUIRE(*now >= before);
    before = *now;
  }
  CAF_CHECK_EQUAL(before, commits - 1);
}

CAF_TEST(a log with a flipped byte keeps a prefix of the commits) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 100; ++i) {
    auto log = log_bytes;
    auto position = random() % log.size();
    log[position] = static_cast<char>(log[position] ^ (1 + random() % 255));
    auto now = left(log);
    CAF_REQUIRE(now.has_value());
    CAF_CHECK(*now <= commits);
  }
}

CAF_TEST(a log whose end was never written keeps a prefix of the commits) {
  std::mt19937_64 random{11};
  for (int i = 0; i < 50; ++i) {
    auto log = log_bytes;
    auto from = random() % log.size();
    std::generate(log.begin() + static_cast<std::ptrdiff_t>(from), log.end(),
                  [&] { return static_cast<char>(i % 2 ? random() : 0); });
    CAF_REQUIRE(left(log).has_value());
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
