#define CAF_SUITE volatile_store

#include "nodes/volatile_store.hpp"

#include <caf/test/dsl.hpp>

using namespace troupe;

namespace {

const journal_hook no_step = [](journal_step) {};

submitted_job job(uint64_t number, const std::string& key = "") {
  submitted_job result;
  result.id = {number, 0};
  result.request.key = key;
  return result;
}

journal_change ended(uint64_t number, uint64_t finished_ms) {
  job_record record;
  record.id = {number, 0};
  record.state = job_state::completed;
  record.finished_ms = finished_ms;
  journal_change result;
  result.jobs = {record};
  return result;
}

struct fixture {
  volatile_store store;

  std::vector<job_id> commit(std::vector<journal_entry> batch) {
    return *store.commit(batch, no_step);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(volatile_store_tests, fixture)

CAF_TEST(a reign begins with nothing and its own epoch) {
  auto image = store.begin_reign(no_step);
  CAF_REQUIRE(image);
  CAF_CHECK_EQUAL(image->epoch, 1u);
  CAF_CHECK(image->jobs.empty());
}

CAF_TEST(what was written can be asked for) {
  commit({job(1)});
  CAF_CHECK(store.report({1, 0})->state == job_state::queued);
  log_line line{{1, 0}, 5, "started"};
  journal_change change;
  change.log = {line};
  commit({change, ended(1, 7)});
  CAF_CHECK(store.report({1, 0})->state == job_state::completed);
  CAF_CHECK_EQUAL(store.logs({1, 0})->at(0).text, "started");
  CAF_CHECK(store.remembered({1, 0})->job.id == (job_id{1, 0}));
}

CAF_TEST(a key that is known leads to the first job) {
  auto ids = commit({job(1, "key"), job(2, "key"), job(3)});
  CAF_CHECK(ids == (std::vector<job_id>{{1, 0}, {1, 0}, {3, 0}}));
  CAF_CHECK(store.report({2, 0}).error().code == ec::not_found);
}

CAF_TEST(ended jobs are listed newest first and page by page) {
  commit({job(1), job(2), job(3), ended(1, 30), ended(2, 10), ended(3, 20)});
  job_query query;
  query.ended = true;
  query.limit = 2;
  auto rows = store.ended(query);
  CAF_REQUIRE_EQUAL(rows->size(), 2u);
  CAF_CHECK_EQUAL((*rows)[0].id.high, 1u);
  CAF_CHECK_EQUAL((*rows)[1].id.high, 3u);
  query.after = (*rows)[1].id;
  auto rest = store.ended(query);
  CAF_REQUIRE_EQUAL(rest->size(), 1u);
  CAF_CHECK_EQUAL((*rest)[0].id.high, 2u);
  query.after = {9, 9};
  CAF_CHECK(store.ended(query).error().code == ec::not_found);
}

CAF_TEST(a job that is forgotten is gone) {
  journal_change forget;
  forget.forgotten = {{1, 0}};
  commit({job(1), forget});
  CAF_CHECK(store.report({1, 0}).error().code == ec::not_found);
  CAF_CHECK(store.remembered({1, 0}).error().code == ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
