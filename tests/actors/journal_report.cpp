#define CAF_SUITE journal_report

#include "actors/journal_report.hpp"

#include <caf/test/dsl.hpp>

#include "tests/actors/journal_samples.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

attempt_record attempt(uint32_t task, uint32_t number, attempt_end end) {
  attempt_record x;
  x.id = {numbered(1), task, number};
  x.kind = task == 0 ? task_kind::probe : task_kind::whole;
  x.node = "node " + std::to_string(number);
  x.end = end;
  return x;
}

job_report report(const std::vector<attempt_record>& attempts) {
  return report_of(full_job(1), full_record(1, job_state::failed), attempts);
}

} // namespace

CAF_TEST(a report has what was submitted and what became of it) {
  auto x = report({});
  CAF_CHECK(x.id == numbered(1));
  CAF_CHECK(x.spec == full_spec());
  CAF_CHECK(x.state == job_state::failed);
  CAF_CHECK_EQUAL(x.priority, 7u);
  CAF_CHECK_EQUAL(x.progress, 0.0);
  CAF_CHECK_EQUAL(x.created_ms, 1'700'000'000'000u);
  CAF_CHECK_EQUAL(x.started_ms, 1'700'000'001'000u);
  CAF_CHECK_EQUAL(x.finished_ms, 1'700'000'002'000u);
  CAF_CHECK(x.error == full_record(1, job_state::failed).error);
  CAF_CHECK(bytes_of(x.result) == bytes_of(full_result()));
  CAF_CHECK(x.tasks.empty());
}

CAF_TEST(a completed job has come all the way) {
  auto x = report_of(plain_job(1), plain_record(1, job_state::completed), {});
  CAF_CHECK_EQUAL(x.progress, 1.0);
}

CAF_TEST(a task is as its last attempt is) {
  auto x = report({attempt(0, 1, attempt_end::failed),
                   attempt(0, 2, attempt_end::none),
                   attempt(1, 1, attempt_end::lost)});
  CAF_REQUIRE_EQUAL(x.tasks.size(), 2u);
  CAF_CHECK_EQUAL(x.tasks[0].index, 0u);
  CAF_CHECK(x.tasks[0].kind == task_kind::probe);
  CAF_CHECK(x.tasks[0].state == task_state::running);
  CAF_CHECK_EQUAL(x.tasks[0].attempt, 2u);
  CAF_CHECK_EQUAL(x.tasks[0].node, "node 2");
  CAF_CHECK_EQUAL(x.tasks[1].index, 1u);
  CAF_CHECK(x.tasks[1].kind == task_kind::whole);
  CAF_CHECK(x.tasks[1].state == task_state::waiting);
}

CAF_TEST(a task of which one attempt is done is done) {
  auto x = report({attempt(0, 1, attempt_end::done),
                   attempt(0, 2, attempt_end::cancelled)});
  CAF_REQUIRE_EQUAL(x.tasks.size(), 1u);
  CAF_CHECK(x.tasks[0].state == task_state::done);
  CAF_CHECK_EQUAL(x.tasks[0].attempt, 1u);
  CAF_CHECK_EQUAL(x.tasks[0].progress, 1.0);
}

CAF_TEST(failed and cancelled attempts are told apart) {
  auto x = report({attempt(0, 1, attempt_end::failed),
                   attempt(1, 1, attempt_end::cancelled)});
  CAF_REQUIRE_EQUAL(x.tasks.size(), 2u);
  CAF_CHECK(x.tasks[0].state == task_state::failed);
  CAF_CHECK(x.tasks[1].state == task_state::cancelled);
}
