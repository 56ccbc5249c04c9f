#define CAF_SUITE journal_crash

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>

#include <caf/test/dsl.hpp>

#include <sys/wait.h>

#include "actors/sqlite_store.hpp"
#include "tests/actors/journal_victim.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

/// What a process was acknowledged before it ended.
struct testimony {
  int status = -1; ///< its exit status
  std::map<std::string, std::set<uint64_t>> acknowledged;
};

struct fixture {
  temporary_folder folder;

  testimony run(const std::string& path, uint64_t step) {
    auto program = std::getenv("TROUPE_JOURNAL_VICTIM");
    CAF_REQUIRE(program); // CTest sets it
    auto command =
        "'" + std::string{program} + "' '" + path + "' " + std::to_string(step);
    auto pipe = ::popen(command.c_str(), "re");
    CAF_REQUIRE(pipe);
    testimony result;
    char word[16];
    unsigned long long number = 0;
    while (std::fscanf(pipe, "%15s %llu", word, &number) == 2)
      result.acknowledged[word].insert(number);
    auto status = ::pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
  }

  /// What was acknowledged is there, once; what wasn't is there or isn't.
  void judge(const std::string& path, testimony said) {
    auto store = sqlite_store::open(path);
    CAF_REQUIRE(static_cast<bool>(store));
    auto image = (*store)->begin_reign(no_hook);
    CAF_REQUIRE(static_cast<bool>(image));
    for (auto epoch : said.acknowledged["reign"])
      CAF_CHECK(image->epoch > epoch);
    std::set<uint64_t> jobs;
    std::set<std::string> keys;
    for (const auto& job : image->jobs) {
      auto number = job.job.id.high;
      jobs.insert(number);
      CAF_CHECK(same(job.job, victim_job(number)));
      CAF_CHECK(keys.insert(job.job.request.key).second);
      auto lines = (*store)->logs(job.job.id);
      CAF_REQUIRE(static_cast<bool>(lines));
      auto changed = job.record.state == job_state::running;
      // Each run says it once more.
      CAF_CHECK_EQUAL(lines->empty(), !changed);
      CAF_CHECK(changed || !said.acknowledged["change"].contains(number));
    }
    CAF_CHECK_EQUAL(jobs.size(), image->jobs.size());
    for (auto number : said.acknowledged["job"])
      CAF_CHECK(jobs.contains(number));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(journal_crash_tests, fixture)

CAF_TEST(a crash at any step loses nothing that was acknowledged) {
  constexpr uint64_t more_than_all = 500;
  uint64_t step = 1;
  for (auto over = false; !over; ++step) {
    CAF_REQUIRE(step < more_than_all);
    auto path = folder / ("journal-" + std::to_string(step) + ".db");
    auto said = run(path, step);
    over = said.status == 0;
    CAF_REQUIRE(over || said.status == exit_at_step_status);
    judge(path, said);
    if (over)
      CAF_CHECK_EQUAL(said.acknowledged["job"].size(),
                      victim_rounds * victim_jobs_per_round / 2);
  }
  // A reign and a commit per round at least, of four steps each.
  CAF_CHECK(step > 4 * (1 + victim_rounds));
}

CAF_TEST(crash after crash on one journal loses nothing) {
  auto path = folder / "journal.db";
  testimony all;
  for (uint64_t step = 1; step <= 24; ++step) {
    auto said = run(path, step);
    for (const auto& [word, numbers] : said.acknowledged)
      all.acknowledged[word].insert(numbers.begin(), numbers.end());
    judge(path, all);
  }
  CAF_CHECK(!all.acknowledged["job"].empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
