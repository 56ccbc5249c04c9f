#define CAF_SUITE task_ledger

#include "actors/task_ledger.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

const job_id job{7, 8};
const node_key alpha{"alpha", 1};
const node_key beta{"beta", 2};

attempt_record record(uint32_t task, uint32_t number, attempt_end end,
                      bool granted = false) {
  attempt_record result;
  result.id = {job, task, number};
  result.kind = task == 0 ? task_kind::probe : task_kind::whole;
  result.node = "alpha";
  result.incarnation = 1;
  result.end = end;
  result.granted = granted;
  return result;
}

struct fixture {
  task_ledger ledger;
  uint32_t task = ledger.add(job, task_kind::whole);

  attempt_id start(const node_key& node = alpha) {
    return ledger.start(task, node, 5).id;
  }

  void lose(const attempt_id& id) {
    CAF_REQUIRE(ledger.end(id, attempt_end::lost, ec::worker_lost, 9));
  }

  void done_so_far(const attempt_id& id, double done) {
    ledger.find(id)->progress.done = done;
  }

  std::vector<uint32_t> behind() {
    std::vector<uint32_t> result;
    for (const auto* x : ledger.clearly_behind(task))
      result.push_back(x->record.id.number);
    return result;
  }
};

using numbers = std::vector<uint32_t>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(task_ledger_tests, fixture)

CAF_TEST(a new task waits until an attempt of it starts) {
  CAF_CHECK(ledger.tasks()[task].waiting);
  CAF_CHECK(!ledger.is_wanted_alive(task));
  auto id = start(beta);
  CAF_CHECK(!ledger.tasks()[task].waiting);
  CAF_CHECK(ledger.is_wanted_alive(task));
  CAF_CHECK(id == (attempt_id{job, task, 1}));
  const auto& made = ledger.find(id)->record;
  CAF_CHECK_EQUAL(made.node, "beta");
  CAF_CHECK_EQUAL(made.incarnation, 2u);
  CAF_CHECK_EQUAL(made.started_ms, 5u);
  CAF_CHECK(made.kind == task_kind::whole);
  CAF_CHECK_EQUAL(start().number, 2u);
}

CAF_TEST(an attempt that is not here is not found) {
  auto id = start();
  for (auto other : {attempt_id{job, task, 2}, attempt_id{job, 5, 1},
                     attempt_id{{1, 1}, task, 1}}) {
    CAF_CHECK(ledger.find(other) == nullptr);
    CAF_CHECK(ledger.end(other, attempt_end::done, ec::none, 1) == nullptr);
    CAF_CHECK(ledger.revive(other, alpha) == nullptr);
    CAF_CHECK(!ledger.grant(other).granted);
  }
  CAF_CHECK(ledger.find(id) != nullptr);
}

CAF_TEST(an attempt ends once) {
  auto id = start();
  auto* ended = ledger.end(id, attempt_end::failed, ec::stalled, 9);
  CAF_REQUIRE(ended != nullptr);
  CAF_CHECK(ended->record.end == attempt_end::failed);
  CAF_CHECK(ended->record.code == ec::stalled);
  CAF_CHECK_EQUAL(ended->record.ended_ms, 9u);
  CAF_CHECK(!ended->alive());
  CAF_CHECK(ledger.end(id, attempt_end::done, ec::none, 10) == nullptr);
  CAF_CHECK(ledger.alive().empty());
}

CAF_TEST(a task that is done waits for nothing and may be done again) {
  start();
  ledger.set_waiting(task, true);
  ledger.finish(task);
  CAF_CHECK(ledger.tasks()[task].done);
  CAF_CHECK(!ledger.tasks()[task].waiting);
  ledger.reopen(task);
  CAF_CHECK(!ledger.tasks()[task].done);
}

CAF_TEST(attempts that were told to go are alive but not wanted) {
  auto id = start();
  ledger.find(id)->unwanted = true;
  CAF_CHECK_EQUAL(ledger.alive(task).size(), 1u);
  CAF_CHECK(!ledger.is_wanted_alive(task));
}

// -- from a journal -----------------------------------------------------------

CAF_TEST(what ran when the journal was written is awaited) {
  task_ledger read{
      job,
      {record(0, 1, attempt_end::lost), record(0, 2, attempt_end::done),
       record(1, 1, attempt_end::failed), record(1, 2, attempt_end::none)}};
  CAF_REQUIRE_EQUAL(read.tasks().size(), 2u);
  CAF_CHECK(read.tasks()[0].done);
  CAF_CHECK(read.tasks()[0].kind == task_kind::probe);
  CAF_CHECK(!read.tasks()[1].done);
  CAF_CHECK(read.tasks()[1].kind == task_kind::whole);
  CAF_CHECK(!read.tasks()[1].attempts[0].awaited);
  CAF_CHECK(read.tasks()[1].attempts[1].awaited);
  CAF_CHECK_EQUAL(read.start(1, beta, 1).id.number, 3u);
}

CAF_TEST(an awaited attempt that comes back or ends is awaited no longer) {
  task_ledger read{
      job, {record(0, 1, attempt_end::none), record(0, 2, attempt_end::none)}};
  auto* back = read.revive({job, 0, 1}, alpha);
  CAF_REQUIRE(back != nullptr);
  CAF_CHECK(!back->awaited);
  auto* gone = read.end({job, 0, 2}, attempt_end::lost, ec::worker_lost, 1);
  CAF_REQUIRE(gone != nullptr);
  CAF_CHECK(!gone->awaited);
}

// -- coming back --------------------------------------------------------------

CAF_TEST(a lost attempt that comes back is alive as if nothing had been) {
  auto id = start();
  lose(id);
  auto* back = ledger.revive(id, alpha);
  CAF_REQUIRE(back != nullptr);
  CAF_CHECK(back->alive());
  CAF_CHECK(back->record.code == ec::none);
  CAF_CHECK_EQUAL(back->record.ended_ms, 0u);
}

CAF_TEST(only the run of the node that had it can bring it back) {
  auto id = start();
  lose(id);
  CAF_CHECK(ledger.revive(id, beta) == nullptr);
  CAF_CHECK(ledger.revive(id, {"alpha", 2}) == nullptr);
}

CAF_TEST(what ended for good or is not wanted does not come back) {
  for (auto how :
       {attempt_end::done, attempt_end::failed, attempt_end::cancelled}) {
    auto id = start();
    ledger.end(id, how, ec::none, 9);
    CAF_CHECK(ledger.revive(id, alpha) == nullptr);
  }
  auto id = start();
  ledger.find(id)->unwanted = true;
  lose(id);
  CAF_CHECK(ledger.revive(id, alpha) == nullptr);
  id = start();
  lose(id);
  ledger.finish(task);
  CAF_CHECK(ledger.revive(id, alpha) == nullptr);
}

// -- leave to publish ---------------------------------------------------------

CAF_TEST(leave is given to one attempt and again to the same) {
  auto first = start();
  auto second = start(beta);
  CAF_CHECK(ledger.grant(second).granted);
  CAF_CHECK(!ledger.grant(first).granted);
  auto again = ledger.grant(second);
  CAF_CHECK(again.granted);
  CAF_CHECK(again.attempt == second);
  CAF_CHECK(again.in_doubt.empty());
}

CAF_TEST(an attempt that has ended or is not wanted gets no leave) {
  auto id = start();
  lose(id);
  CAF_CHECK(!ledger.grant(id).granted);
  ledger.revive(id, alpha);
  ledger.find(id)->unwanted = true;
  CAF_CHECK(!ledger.grant(id).granted);
  ledger.find(id)->unwanted = false;
  ledger.finish(task);
  CAF_CHECK(!ledger.grant(id).granted);
}

CAF_TEST(granted attempts that are lost are in doubt and others are not ) {
  auto lost = start();
  ledger.grant(lost);
  lose(lost);
  auto failed = start();
  ledger.grant(failed);
  ledger.end(failed, attempt_end::failed, ec::io_error, 1);
  auto never = start();
  lose(never);
  auto id = start(beta);
  CAF_CHECK((ledger.grant(id) == publish_grant{id, true, {lost.number}}));
  CAF_CHECK((ledger.grant(id) == publish_grant{id, true, {lost.number}}));
}

CAF_TEST(of two that were granted and are here the later one goes on) {
  auto first = start();
  ledger.grant(first);
  lose(first);
  auto second = start(beta);
  ledger.grant(second);
  CAF_REQUIRE(ledger.revive(first, alpha));
  CAF_CHECK(!ledger.grant(first).granted);
  CAF_CHECK((ledger.grant(second) == publish_grant{second, true, {1}}));
  ledger.end(first, attempt_end::cancelled, ec::cancelled, 1);
  CAF_CHECK((ledger.grant(second) == publish_grant{second, true, {}}));
}

CAF_TEST(an earlier attempt that was granted later goes on) {
  auto first = start();
  lose(first);
  auto second = start(beta);
  ledger.grant(second);
  lose(second);
  CAF_REQUIRE(ledger.revive(first, alpha));
  CAF_CHECK((ledger.grant(first) == publish_grant{first, true, {2}}));
  CAF_REQUIRE(ledger.revive(second, beta));
  CAF_CHECK(!ledger.grant(second).granted);
  CAF_CHECK((ledger.grant(first) == publish_grant{first, true, {2}}));
}

CAF_TEST(after a restart exactly one of two that were granted goes on) {
  task_ledger read{job,
                   {record(0, 1, attempt_end::none, true),
                    record(0, 2, attempt_end::none, true)}};
  CAF_CHECK(!read.grant({job, 0, 1}).granted);
  CAF_CHECK((read.grant({job, 0, 2}) == publish_grant{{job, 0, 2}, true, {1}}));
}

// -- races --------------------------------------------------------------------

CAF_TEST(one attempt alone is never behind) {
  auto id = start();
  CAF_CHECK(behind().empty());
  start(beta);
  lose(id);
  CAF_CHECK(behind().empty());
}

CAF_TEST(who is a tenth of the task behind is clearly behind) {
  auto first = start();
  auto second = start(beta);
  done_so_far(first, 0.5);
  done_so_far(second, 0.41);
  CAF_CHECK(behind().empty());
  done_so_far(second, 0.375);
  CAF_CHECK_EQUAL(behind(), numbers{second.number});
  done_so_far(second, 0.75);
  CAF_CHECK_EQUAL(behind(), numbers{first.number});
}

CAF_TEST(who was granted or is awaited or not wanted does not race) {
  auto first = start();
  auto second = start(beta);
  auto third = start(beta);
  done_so_far(first, 0.9);
  ledger.grant(second);
  ledger.find(third)->awaited = true;
  CAF_CHECK(behind().empty());
  ledger.find(third)->awaited = false;
  ledger.find(third)->unwanted = true;
  CAF_CHECK(behind().empty());
  ledger.find(third)->unwanted = false;
  CAF_CHECK_EQUAL(behind(), numbers{third.number});
}

CAF_TEST_FIXTURE_SCOPE_END()
