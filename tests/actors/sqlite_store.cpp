#define CAF_SUITE sqlite_store

#include "actors/sqlite_store.hpp"

#include <limits>

#include <caf/test/dsl.hpp>

#include "messages/member.hpp"
#include "tests/actors/journal_samples.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr std::chrono::milliseconds for_ever{std::chrono::hours{24 * 365'000}};

struct fixture {
  temporary_folder folder;
  std::string path = folder / "journal.db";
  std::unique_ptr<journal_store> store = open();

  std::unique_ptr<journal_store> open() {
    auto result = sqlite_store::open(path);
    if (!result)
      CAF_FAIL(to_string(result.error()));
    return std::move(*result);
  }

  /// Of a new reign.
  journal_image image() {
    auto result = store->begin_reign(no_hook);
    if (!result)
      CAF_FAIL(to_string(result.error()));
    return std::move(*result);
  }

  /// What another process finds.
  journal_image image_after_restart() {
    store.reset();
    store = open();
    return image();
  }

  std::vector<job_id> commit(std::vector<journal_entry> batch) {
    auto result = store->commit(batch, no_hook);
    if (!result)
      CAF_FAIL(to_string(result.error()));
    return *result;
  }

  ec code_of_commit(std::vector<journal_entry> batch) {
    auto result = store->commit(batch, no_hook);
    return result ? ec::none : result.error().code;
  }

  void append(journal_change change) { commit({std::move(change)}); }

  static journal_change with(std::vector<job_record> records) {
    journal_change result;
    result.jobs = std::move(records);
    return result;
  }

  /// Job N of `count` ended at the millisecond N.
  void submit_ended(uint64_t count) {
    std::vector<journal_entry> batch;
    for (uint64_t i = 1; i <= count; ++i) {
      batch.push_back(plain_job(i));
      batch.push_back(with({plain_record(i, job_state::completed, i)}));
    }
    commit(std::move(batch));
  }

  bool known(uint64_t number) {
    return static_cast<bool>(store->report(numbered(number)));
  }

  std::vector<uint64_t> listed(uint64_t after = 0, uint32_t limit = 100) {
    job_query query{true, after == 0 ? job_id{} : numbered(after), limit};
    auto rows = store->ended(query);
    std::vector<uint64_t> result;
    if (rows)
      for (const auto& row : *rows)
        result.push_back(row.id.high);
    return result;
  }
};

using numbers = std::vector<uint64_t>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_store_tests, fixture)

CAF_TEST(a new journal is empty and its first reign is one) {
  auto x = image();
  CAF_CHECK_EQUAL(x.epoch, 1u);
  CAF_CHECK(x.jobs.empty());
  CAF_CHECK(x.nodes.empty());
}

CAF_TEST(every reign has a higher epoch) {
  CAF_CHECK_EQUAL(image().epoch, 1u);
  CAF_CHECK_EQUAL(image().epoch, 2u);
  CAF_CHECK_EQUAL(image_after_restart().epoch, 3u);
}

CAF_TEST(a job that has not ended comes back with every field) {
  image();
  journal_change change;
  change.jobs = {full_record(1, job_state::running)};
  change.plans = {{numbered(1), full_plan()}};
  change.attempts = {full_attempt(1, 0, 1), full_attempt(1, 0, 2),
                     full_attempt(1, 1, 1)};
  change.nodes = {{"alpha", true}, {"beta\xff", false}};
  change.log = {{numbered(1), 5, "a line"}, {numbered(1), 4, "\xff"}};
  CAF_CHECK(commit({full_job(1), change}) == std::vector{numbered(1)});

  auto x = image_after_restart();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 1u);
  const auto& job = x.jobs[0];
  CAF_CHECK(same(job.job, full_job(1)));
  CAF_CHECK(same(job.record, change.jobs[0]));
  CAF_REQUIRE(job.plan.has_value());
  CAF_CHECK(bytes_of(*job.plan) == bytes_of(full_plan()));
  CAF_REQUIRE_EQUAL(job.attempts.size(), 3u);
  for (size_t i = 0; i < 3; ++i)
    CAF_CHECK(bytes_of(job.attempts[i]) == bytes_of(change.attempts[i]));
  CAF_REQUIRE_EQUAL(x.nodes.size(), 2u);
  CAF_CHECK(bytes_of(x.nodes[0]) == bytes_of(change.nodes[0]));
  CAF_CHECK(bytes_of(x.nodes[1]) == bytes_of(change.nodes[1]));
  auto lines = store->logs(numbered(1));
  CAF_REQUIRE(static_cast<bool>(lines));
  CAF_REQUIRE_EQUAL(lines->size(), 2u);
  CAF_CHECK(bytes_of((*lines)[0]) == bytes_of(change.log[0]));
  CAF_CHECK(bytes_of((*lines)[1]) == bytes_of(change.log[1]));
}

CAF_TEST(a job is queued until a change says otherwise) {
  image();
  commit({plain_job(1)});
  auto x = image();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 1u);
  CAF_CHECK(same(x.jobs[0].job, plain_job(1)));
  CAF_CHECK(same(x.jobs[0].record, plain_record(1, job_state::queued)));
  CAF_CHECK(!x.jobs[0].plan);
  CAF_CHECK(x.jobs[0].attempts.empty());
}

CAF_TEST(every state comes back or has ended) {
  image();
  for (uint64_t i = 1; i <= 9; ++i)
    commit({plain_job(i), with({plain_record(i, static_cast<job_state>(i))})});
  auto x = image();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 6u);
  for (const auto& job : x.jobs) {
    CAF_CHECK(!is_final(job.record.state));
    CAF_CHECK(static_cast<uint64_t>(job.record.state) == job.job.id.high);
  }
}

CAF_TEST(jobs come back by id with what belongs to each) {
  image();
  for (uint64_t i : {3, 1, 2})
    commit({plain_job(i)});
  journal_change change;
  change.attempts = {full_attempt(3, 0, 1), full_attempt(1, 0, 1)};
  change.plans = {{numbered(3), full_plan()}};
  append(change);
  auto x = image();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 3u);
  for (uint64_t i = 0; i < 3; ++i)
    CAF_CHECK(x.jobs[i].job.id == numbered(i + 1));
  CAF_CHECK_EQUAL(x.jobs[0].attempts.size(), 1u);
  CAF_CHECK_EQUAL(x.jobs[1].attempts.size(), 0u);
  CAF_CHECK_EQUAL(x.jobs[2].attempts.size(), 1u);
  CAF_CHECK(!x.jobs[0].plan);
  CAF_CHECK(x.jobs[2].plan.has_value());
}

CAF_TEST(a later change is put in place of an earlier one) {
  image();
  commit({plain_job(1)});
  journal_change change;
  change.jobs = {full_record(1, job_state::running)};
  change.attempts = {full_attempt(1, 0, 1)};
  change.nodes = {{"alpha", true}};
  append(change);
  change.jobs = {plain_record(1, job_state::paused)};
  change.attempts[0].end = attempt_end::done;
  change.nodes[0].drained = false;
  append(change);
  auto x = image();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 1u);
  CAF_CHECK(same(x.jobs[0].record, change.jobs[0]));
  CAF_REQUIRE_EQUAL(x.jobs[0].attempts.size(), 1u);
  CAF_CHECK(x.jobs[0].attempts[0].end == attempt_end::done);
  CAF_REQUIRE_EQUAL(x.nodes.size(), 1u);
  CAF_CHECK(!x.nodes[0].drained);
}

CAF_TEST(a request whose key is known is the job of the first) {
  image();
  CAF_CHECK(commit({plain_job(1, "k")}) == std::vector{numbered(1)});
  CAF_CHECK(commit({plain_job(2, "k")}) == std::vector{numbered(1)});
  CAF_CHECK_EQUAL(image_after_restart().jobs.size(), 1u);
  CAF_CHECK(commit({plain_job(3, "k")}) == std::vector{numbered(1)});
  CAF_CHECK(!known(2) && !known(3));
}

CAF_TEST(a key is known within one batch) {
  image();
  auto ids = commit({plain_job(1, "k"), plain_job(2, "l"), plain_job(3, "k"),
                     plain_job(4), plain_job(5)});
  std::vector<job_id> expected{numbered(1), numbered(2), numbered(1),
                               numbered(4), numbered(5)};
  CAF_CHECK(ids == expected);
  CAF_CHECK_EQUAL(image().jobs.size(), 4u);
}

CAF_TEST(a key is known after its job ended and until it is forgotten) {
  image();
  commit({plain_job(1, "k"), with({plain_record(1, job_state::failed)})});
  CAF_CHECK(commit({plain_job(2, "k")}) == std::vector{numbered(1)});
  journal_change change;
  change.forgotten = {numbered(1)};
  append(change);
  CAF_CHECK(commit({plain_job(3, "k")}) == std::vector{numbered(3)});
}

CAF_TEST(the same job twice is one job) {
  image();
  commit({plain_job(1), with({plain_record(1, job_state::running)})});
  CAF_CHECK(commit({plain_job(1)}) == std::vector{numbered(1)});
  auto x = image();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 1u);
  CAF_CHECK(x.jobs[0].record.state == job_state::running);
}

CAF_TEST(nothing is written before a reign or after a later one began) {
  CAF_CHECK(code_of_commit({plain_job(1)}) == ec::superseded);
  image();
  CAF_CHECK(code_of_commit({plain_job(1)}) == ec::none);
  auto later = open();
  CAF_CHECK(static_cast<bool>(later->begin_reign(no_hook)));
  CAF_CHECK(code_of_commit({plain_job(2)}) == ec::superseded);
  CAF_CHECK(code_of_commit({}) == ec::superseded);
  auto pruned = store->prune({}, 0, no_hook);
  CAF_CHECK(!pruned && pruned.error().code == ec::superseded);
  CAF_CHECK(known(1) && !known(2));
  std::vector<journal_entry> batch{plain_job(3)};
  CAF_CHECK(static_cast<bool>(later->commit(batch, no_hook)));
  CAF_CHECK(known(3));
}

CAF_TEST(what is said of unknown jobs is left out) {
  image();
  journal_change change;
  change.jobs = {full_record(1, job_state::running)};
  change.plans = {{numbered(1), full_plan()}};
  change.attempts = {full_attempt(1, 0, 1)};
  change.log = {{numbered(1), 5, "a line"}};
  append(change);
  CAF_CHECK(!known(1));
  CAF_CHECK(store->logs(numbered(1))->empty());
  commit({plain_job(1)});
  auto x = image();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 1u);
  CAF_CHECK(x.jobs[0].attempts.empty() && !x.jobs[0].plan);
}

CAF_TEST(a forgotten job leaves nothing behind) {
  image();
  journal_change change;
  change.plans = {{numbered(1), full_plan()}};
  change.attempts = {full_attempt(1, 0, 1)};
  change.log = {{numbered(1), 5, "a line"}};
  commit({full_job(1), plain_job(2), change});
  journal_change last;
  last.forgotten = {numbered(1)};
  append(last);
  CAF_CHECK(!known(1) && known(2));
  CAF_CHECK(store->logs(numbered(1))->empty());
  auto remembered = store->remembered(numbered(1));
  CAF_CHECK(!remembered && remembered.error().code == ec::not_found);
  commit({plain_job(1)});
  auto x = image();
  CAF_CHECK(x.jobs[0].attempts.empty() && !x.jobs[0].plan);
}

CAF_TEST(a job that ended has a report and no place in the image) {
  image();
  journal_change change;
  change.jobs = {full_record(1, job_state::completed)};
  change.attempts = {full_attempt(1, 0, 1)};
  commit({full_job(1), change});
  CAF_CHECK(image_after_restart().jobs.empty());
  auto report = store->report(numbered(1));
  CAF_REQUIRE(static_cast<bool>(report));
  CAF_CHECK(report->spec == full_spec());
  CAF_CHECK(report->state == job_state::completed);
  CAF_CHECK(bytes_of(report->result) == bytes_of(full_result()));
  CAF_CHECK_EQUAL(report->tasks.size(), 1u);
  auto remembered = store->remembered(numbered(1));
  CAF_REQUIRE(static_cast<bool>(remembered));
  CAF_CHECK(same(remembered->job, full_job(1)));
  CAF_CHECK(same(remembered->record, change.jobs[0]));
  CAF_CHECK_EQUAL(remembered->attempts.size(), 1u);
}

CAF_TEST(a job that is queued again has its attempts and no plan) {
  image();
  journal_change change;
  change.jobs = {full_record(1, job_state::failed)};
  change.plans = {{numbered(1), full_plan()}};
  change.attempts = {full_attempt(1, 0, 1)};
  commit({full_job(1), change});
  append(with({plain_record(1, job_state::queued)}));
  CAF_CHECK(listed().empty());
  auto x = image();
  CAF_REQUIRE_EQUAL(x.jobs.size(), 1u);
  CAF_CHECK(same(x.jobs[0].record, plain_record(1, job_state::queued)));
  CAF_CHECK(!x.jobs[0].plan);
  CAF_CHECK_EQUAL(x.jobs[0].attempts.size(), 1u);
}

CAF_TEST(nothing is known of a job that never was) {
  auto report = store->report(numbered(1));
  CAF_CHECK(!report && report.error().code == ec::not_found);
  CAF_CHECK(store->logs(numbered(1))->empty());
}

CAF_TEST(the list has those that ended last first) {
  image();
  for (uint64_t i = 1; i <= 4; ++i)
    commit({plain_job(i)});
  append(with({plain_record(2, job_state::failed, 30)}));
  append(with({plain_record(1, job_state::completed, 40)}));
  append(with({plain_record(3, job_state::cancelled, 30)}));
  append(with({plain_record(4, job_state::running)}));
  CAF_CHECK((listed() == numbers{1, 3, 2}));
  CAF_CHECK((listed(1) == numbers{3, 2}));
  CAF_CHECK((listed(3) == numbers{2}));
  CAF_CHECK(listed(2).empty());
  CAF_CHECK((listed(0, 2) == numbers{1, 3}));
  auto after_open = store->ended({true, numbered(4), 10});
  CAF_CHECK(!after_open && after_open.error().code == ec::not_found);
}

CAF_TEST(a row of the list says how the job ended) {
  image();
  commit({full_job(1), with({full_record(1, job_state::failed)}), plain_job(2),
          with({plain_record(2, job_state::completed, 5)})});
  auto rows = store->ended({true, {}, 10});
  CAF_REQUIRE(rows && rows->size() == 2);
  const auto& row = rows->front();
  CAF_CHECK(row.id == numbered(1));
  CAF_CHECK_EQUAL(row.name, "A name");
  CAF_CHECK(row.state == job_state::failed);
  CAF_CHECK_EQUAL(row.priority, 7u);
  CAF_CHECK_EQUAL(row.created_ms, 1'700'000'000'000u);
  CAF_CHECK_EQUAL(row.finished_ms, 1'700'000'002'000u);
  CAF_CHECK(row.error == ec::poison);
  CAF_CHECK_EQUAL(row.progress, 0.0);
  CAF_CHECK_EQUAL(rows->back().progress, 1.0);
}

CAF_TEST(ten thousand ended jobs are listed page by page) {
  image();
  constexpr uint64_t count = 10'000;
  submit_ended(count);
  uint64_t expected = count;
  for (uint64_t after = 0; expected > 0; after = expected + 1) {
    auto page = listed(after, 1000);
    CAF_REQUIRE_EQUAL(page.size(), 1000u);
    for (auto number : page)
      CAF_REQUIRE_EQUAL(number, expected--);
  }
  CAF_CHECK(listed(1).empty());
  // A page has 1,000 rows at most and one at least.
  CAF_CHECK_EQUAL(listed(0, 5000).size(), 1000u);
  CAF_CHECK_EQUAL(listed(0, 0).size(), 1u);
  CAF_CHECK(image().jobs.empty());
}

CAF_TEST(a log keeps its first ten thousand lines) {
  image();
  commit({plain_job(1), plain_job(2)});
  journal_change change;
  for (uint64_t i = 0; i < max_log_lines + 5; ++i)
    change.log.push_back({numbered(1), i, "line " + std::to_string(i)});
  append(change);
  change.log = {{numbered(1), 1, "too late"}, {numbered(2), 1, "in time"}};
  append(change);
  auto lines = store->logs(numbered(1));
  CAF_REQUIRE_EQUAL(lines->size(), size_t{max_log_lines});
  CAF_CHECK_EQUAL((*lines)[0].text, "line 0");
  CAF_CHECK_EQUAL((*lines)[max_log_lines - 2].text, "line 9998");
  CAF_CHECK_EQUAL(lines->back().text,
                  "the log is full; what follows is left out");
  CAF_CHECK_EQUAL(store->logs(numbered(2))->size(), 1u);
}

CAF_TEST(jobs beyond the limit are forgotten in steps and the oldest first) {
  image();
  submit_ended(500);
  commit({plain_job(501)});
  journal_retention limits{100, for_ever};
  int steps = 0;
  for (auto more = true; more; ++steps) {
    auto pruned = store->prune(limits, 1000, no_hook);
    CAF_REQUIRE(static_cast<bool>(pruned));
    more = *pruned;
    CAF_REQUIRE(steps < 10);
  }
  CAF_CHECK_EQUAL(steps, 3); // 200, 200, and none
  CAF_CHECK_EQUAL(listed(0, 1000).size(), 100u);
  CAF_CHECK(!known(400) && known(401) && known(500));
  CAF_CHECK(known(501));
}

CAF_TEST(a step of forgetting is bounded by what belongs to the jobs) {
  image();
  submit_ended(3);
  journal_change change;
  for (uint64_t i = 0; i < 6000; ++i)
    change.log.push_back({numbered(1), i, "line"});
  append(change);
  CAF_CHECK(*store->prune({0, for_ever}, 1000, no_hook));
  CAF_CHECK(!known(1) && known(2));
  CAF_CHECK(*store->prune({0, for_ever}, 1000, no_hook));
  CAF_CHECK(!known(3));
}

CAF_TEST(jobs that ended long ago are forgotten) {
  image();
  submit_ended(10);
  commit({plain_job(11)});
  journal_retention limits{100, std::chrono::milliseconds{1000}};
  CAF_CHECK(!*store->prune(limits, 1001, no_hook));
  CAF_CHECK(*store->prune(limits, 1005, no_hook));
  CAF_CHECK((listed() == numbers{10, 9, 8, 7, 6, 5}));
  CAF_CHECK(*store->prune(limits, 1'000'000, no_hook));
  CAF_CHECK(!*store->prune(limits, 1'000'000, no_hook));
  CAF_CHECK(listed().empty());
  CAF_CHECK(known(11));
}

CAF_TEST(every write tells when all is written and nothing committed) {
  std::vector<journal_step> steps;
  auto hook = [&](journal_step step) {
    steps.push_back(step);
    // Another connection sees nothing of it yet.
    auto other = sqlite_database::open(path);
    CAF_REQUIRE(static_cast<bool>(other));
    auto count = other->number("SELECT epoch + (SELECT count(*) FROM job)"
                               " FROM reign");
    CAF_REQUIRE(static_cast<bool>(count));
    CAF_CHECK_EQUAL(*count, static_cast<int64_t>(steps.size()) - 1);
  };
  CAF_CHECK(static_cast<bool>(store->begin_reign(hook)));
  std::vector<journal_entry> batch{plain_job(1)};
  CAF_CHECK(static_cast<bool>(store->commit(batch, hook)));
  append(with({plain_record(1, job_state::failed, 1)}));
  CAF_CHECK(static_cast<bool>(store->prune({0, for_ever}, 1, hook)));
  CAF_CHECK((steps == std::vector(3, journal_step::written)));
}

CAF_TEST(what can not be read is refused and names the job) {
  image();
  commit({plain_job(1)});
  store.reset();
  auto database = sqlite_database::open(path);
  CAF_REQUIRE(static_cast<bool>(database));
  for (auto damage :
       {"UPDATE job SET spec = '{'", "UPDATE record SET state = 77",
        "UPDATE record SET wish = 0", "UPDATE record SET error = '[]'",
        "UPDATE record SET result = ''", "UPDATE record SET lost_nodes = '1'",
        "REPLACE INTO attempt SELECT id, 0, 1, 99, '', 0, 0, 0, 0, 0, 0"
        " FROM job",
        "REPLACE INTO attempt SELECT id, 0, 1, 1, '', 0, 0, 99, 0, 0, 0"
        " FROM job"}) {
    CAF_REQUIRE(static_cast<bool>(
        database->execute(std::string{"SAVEPOINT s;"} + damage)));
    CAF_REQUIRE(static_cast<bool>(database->execute("RELEASE s")));
    store = open();
    auto refused = store->begin_reign(no_hook);
    CAF_REQUIRE(!refused);
    CAF_CHECK(refused.error().code == ec::journal_failed);
    CAF_CHECK_EQUAL(refused.error().subject, path);
    CAF_CHECK(refused.error().cause.find(to_string(numbered(1)))
              != std::string::npos);
    // Nothing was written: the first reign is the last that began.
    CAF_CHECK_EQUAL(*database->number("SELECT epoch FROM reign"), 1);
    auto report = store->report(numbered(1));
    CAF_CHECK(!report && report.error().code == ec::journal_failed);
    store.reset();
    CAF_REQUIRE(static_cast<bool>(database->execute(
        "UPDATE job SET spec = '{}'; DELETE FROM attempt;"
        "UPDATE record SET state = 1, wish = 1, error = NULL, result = NULL,"
        " lost_nodes = NULL")));
  }
  store = open();
  CAF_CHECK_EQUAL(image().jobs.size(), 1u);
}

CAF_TEST(a journal that lost its epoch is refused) {
  image();
  auto database = sqlite_database::open(path);
  CAF_REQUIRE(database && database->execute("DELETE FROM reign"));
  CAF_CHECK(code_of_commit({plain_job(1)}) == ec::journal_failed);
  auto refused = store->begin_reign(no_hook);
  CAF_CHECK(!refused && refused.error().code == ec::journal_failed);
}

CAF_TEST(a plan of another protocol is made anew) {
  image();
  journal_change change;
  change.plans = {{numbered(1), full_plan()}};
  commit({plain_job(1), change});
  auto database = sqlite_database::open(path);
  CAF_REQUIRE(static_cast<bool>(database));
  CAF_CHECK(image().jobs[0].plan.has_value());
  CAF_REQUIRE(static_cast<bool>(
      database->execute("UPDATE plan SET protocol = protocol + 1")));
  CAF_CHECK(!image().jobs[0].plan.has_value());
}

CAF_TEST_FIXTURE_SCOPE_END()
