#define CAF_SUITE placement

#include "actors/placement.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

ready_task task(uint64_t job, uint32_t priority) {
  return {job_id{job, 0}, 0, priority};
}

std::vector<uint64_t> drained(ready_queue& queue) {
  std::vector<uint64_t> result;
  for (; queue.front(); queue.pop())
    result.push_back(queue.front()->job.high);
  return result;
}

} // namespace

CAF_TEST(tasks come out by priority and then by age) {
  ready_queue queue;
  queue.push(task(1, 5));
  queue.push(task(2, 1));
  queue.push(task(3, 10));
  queue.push(task(4, 1));
  queue.push(task(5, 5));
  CAF_CHECK_EQUAL(drained(queue), (std::vector<uint64_t>{2, 4, 1, 5, 3}));
}

CAF_TEST(a job that ended has no task in the queue) {
  ready_queue queue;
  queue.push(task(1, 5));
  queue.push(task(2, 5));
  queue.push(task(1, 1));
  queue.remove(job_id{1, 0});
  CAF_CHECK_EQUAL(queue.size(), 1u);
  CAF_CHECK_EQUAL(drained(queue), (std::vector<uint64_t>{2}));
}

CAF_TEST(an empty queue has no front) {
  ready_queue queue;
  CAF_CHECK(queue.front() == nullptr);
}

CAF_TEST(a worker with a free slot gets the task) {
  auto result = place({{"alpha", true, 1, 1}, {"beta", true, 2, 1}});
  CAF_REQUIRE(result.worker);
  CAF_CHECK_EQUAL(*result.worker, 1u);
  CAF_REQUIRE_EQUAL(result.refusals.size(), 1u);
  CAF_CHECK_EQUAL(result.refusals[0], "alpha: its only slot is in use");
}

CAF_TEST(the worker with the largest share of free slots is preferred) {
  auto result = place({{"alpha", true, 4, 2}, {"beta", true, 1, 0}});
  CAF_CHECK(result.worker == size_t{1});
  result = place({{"alpha", true, 2, 0}, {"beta", true, 1, 0}});
  CAF_CHECK(result.worker == size_t{0});
}

CAF_TEST(where nothing fits every worker has its reason) {
  auto result = place({{"alpha", false, 1, 0}, {"beta", true, 3, 3}});
  CAF_CHECK(!result.worker);
  CAF_REQUIRE_EQUAL(result.refusals.size(), 2u);
  CAF_CHECK_EQUAL(result.refusals[0], "alpha: is gone");
  CAF_CHECK_EQUAL(result.refusals[1], "beta: all of its 3 slots are in use");
}

CAF_TEST(without workers nothing is placed) {
  CAF_CHECK(!place({}).worker);
}
