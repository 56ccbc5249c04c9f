#define CAF_SUITE memory_store

#include "actors/memory_store.hpp"

#include <map>
#include <random>

#include <caf/test/dsl.hpp>

#include "actors/sqlite_store.hpp"
#include "tests/actors/journal_samples.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr uint64_t most_jobs = 12;

/// Batches of all that a journal is told, in any order.
class any_batches {
public:
  explicit any_batches(uint32_t seed) : random_(seed) {}

  uint64_t below(uint64_t end) { return random_() % end; }

  uint64_t job() { return 1 + below(most_jobs); }

  std::vector<journal_entry> next() {
    std::vector<journal_entry> result;
    for (auto n = below(5); n > 0; --n)
      if (below(3) == 0)
        result.emplace_back(submitted());
      else
        result.emplace_back(change());
    return result;
  }

private:
  submitted_job submitted() {
    if (below(2) == 0)
      return full_job(job());
    return plain_job(job(),
                     below(2) == 0 ? "key " + std::to_string(job()) : "");
  }

  job_record record() {
    constexpr auto last = static_cast<uint64_t>(job_state::paused);
    auto state = static_cast<job_state>(1 + below(last));
    return below(2) == 0 ? full_record(job(), state)
                         : plain_record(job(), state, below(5));
  }

  journal_change change() {
    journal_change result;
    if (below(2) == 0)
      result.jobs.push_back(record());
    if (below(3) == 0)
      result.plans.push_back({numbered(job()), full_plan()});
    if (below(2) == 0)
      result.attempts.push_back(full_attempt(job(),
                                             static_cast<uint32_t>(below(2)),
                                             static_cast<uint32_t>(job())));
    if (below(4) == 0)
      result.nodes.push_back({"node " + std::to_string(job()), below(2) == 0});
    if (below(2) == 0)
      result.log.push_back({numbered(job()), below(9), "a line"});
    if (below(9) == 0)
      result.forgotten.push_back(numbered(job()));
    return result;
  }

  std::mt19937 random_;
};

std::string text_of(const job_report& x) {
  return bytes_of(x);
}

template <class T>
std::string text_of(const std::vector<T>& xs) {
  std::string result;
  for (const auto& x : xs)
    result += bytes_of(x) + '|';
  return result;
}

std::string text_of(const remembered_job& x) {
  auto result = bytes_of(x.job) + (x.plan ? bytes_of(*x.plan) : "no plan");
  for (const auto& attempt : x.attempts)
    result += bytes_of(attempt);
  return result;
}

/// Everything that can be asked of a store, and what it says.
std::map<std::string, std::string> answers_of(journal_store& store,
                                              const job_query& query) {
  std::map<std::string, std::string> result;
  auto put = [&](const std::string& question, const auto& answer) {
    result[question] = answer ? text_of(*answer) : to_string(answer.error());
  };
  for (uint64_t number = 1; number <= most_jobs; ++number) {
    auto id = numbered(number);
    put("report " + std::to_string(number), store.report(id));
    put("remembered " + std::to_string(number), store.remembered(id));
    put("logs " + std::to_string(number), store.logs(id));
  }
  put("ended", store.ended(query));
  return result;
}

std::string text_of(const journal_image& x) {
  auto result = std::to_string(x.epoch);
  for (const auto& job : x.jobs)
    result += text_of(job) + std::to_string(static_cast<int>(job.record.state))
              + job.record.node;
  for (const auto& node : x.nodes)
    result += bytes_of(node);
  return result;
}

struct fixture {
  memory_store store;

  void begin() { CAF_REQUIRE(store.begin_reign(no_hook)); }

  ec code_of_commit(std::vector<journal_entry> batch) {
    auto done = store.commit(batch, no_hook);
    return done ? ec::none : done.error().code;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(memory_store_tests, fixture)

CAF_TEST(it answers as the store on disk does whatever both were told) {
  temporary_folder folder;
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    any_batches any{seed};
    auto disk = sqlite_store::open(folder / std::to_string(seed));
    CAF_REQUIRE(disk);
    memory_store memory;
    for (int step = 0; step < 40; ++step) {
      if (step == 0 || any.below(8) == 0)
        CAF_REQUIRE_EQUAL(text_of(*memory.begin_reign(no_hook)),
                          text_of(*(*disk)->begin_reign(no_hook)));
      auto batch = any.next();
      CAF_REQUIRE(*memory.commit(batch, no_hook)
                  == *(*disk)->commit(batch, no_hook));
      job_query query{true, any.below(3) == 0 ? numbered(any.job()) : job_id{},
                      static_cast<uint32_t>(any.below(5))};
      auto expected = answers_of(**disk, query);
      for (const auto& [question, answer] : answers_of(memory, query))
        if (answer != expected[question])
          CAF_FAIL("seed " << seed << ", step " << step << ": " << question);
    }
  }
}

CAF_TEST(nothing is written before a reign) {
  CAF_CHECK(code_of_commit({plain_job(1)}) == ec::superseded);
  CAF_CHECK(store.prune({}, 0, no_hook).error().code == ec::superseded);
  CAF_CHECK(store.begin_reign(no_hook));
  CAF_CHECK(code_of_commit({plain_job(1)}) == ec::none);
}

CAF_TEST(a log keeps its first lines and says that there were more) {
  begin();
  journal_change change;
  for (uint64_t i = 0; i < max_log_lines + 5; ++i)
    change.log.push_back({numbered(1), i, "line " + std::to_string(i)});
  code_of_commit({plain_job(1), change});
  auto lines = store.logs(numbered(1));
  CAF_REQUIRE_EQUAL(lines->size(), size_t{max_log_lines});
  CAF_CHECK_EQUAL(lines->back().text, log_is_full);
}

CAF_TEST(the newest that ended are kept as long as they may be) {
  begin();
  std::vector<journal_entry> batch;
  for (uint64_t i = 1; i <= 5; ++i) {
    journal_change ended;
    ended.jobs = {plain_record(i, job_state::completed, i * 10)};
    batch.emplace_back(plain_job(i));
    batch.emplace_back(ended);
  }
  batch.emplace_back(plain_job(6));
  code_of_commit(batch);
  using namespace std::chrono_literals;
  CAF_CHECK(!*store.prune({4, 1000ms}, 60, no_hook));
  CAF_CHECK(!store.jobs().contains(numbered(1)));
  CAF_CHECK_EQUAL(store.jobs().size(), 5u);
  CAF_CHECK(!*store.prune({4, 20ms}, 60, no_hook));
  CAF_CHECK(!store.jobs().contains(numbered(3)));
  CAF_CHECK(store.jobs().contains(numbered(4)));
  CAF_CHECK(store.jobs().contains(numbered(6)));
}

CAF_TEST_FIXTURE_SCOPE_END()
