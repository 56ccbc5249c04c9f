#define CAF_SUITE ready_queue

#include "actors/ready_queue.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

job_id job(uint64_t n) {
  return {n, 0};
}

task_needs needing(const std::string& root, uint32_t priority = 5,
                   uint32_t task = 0) {
  task_needs result;
  result.task = task;
  result.priority = priority;
  result.reads = {root};
  return result;
}

struct fixture {
  ready_queue queue;

  /// Jobs of the only class, in the order of their turns.
  std::vector<uint64_t> order() {
    CAF_REQUIRE_EQUAL(queue.classes().size(), 1u);
    std::vector<uint64_t> result;
    for (const auto& x : queue.classes().begin()->second.tasks)
      result.push_back(x.job.high);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(ready_queue_tests, fixture)

CAF_TEST(turns go by priority and then by age) {
  queue.push(job(1), needing("a", 5));
  queue.push(job(2), needing("a", 1));
  queue.push(job(3), needing("a", 10));
  queue.push(job(4), needing("a", 1));
  queue.push(job(5), needing("a", 5));
  CAF_CHECK_EQUAL(order(), (std::vector<uint64_t>{2, 4, 1, 5, 3}));
}

CAF_TEST(tasks are kept by what they need) {
  queue.push(job(1), needing("a"));
  queue.push(job(2), needing("b"));
  queue.push(job(3), needing("a", 1));
  CAF_CHECK_EQUAL(queue.classes().size(), 2u);
  CAF_CHECK_EQUAL(queue.size(), 3u);
}

CAF_TEST(every part of what is needed makes another class) {
  std::vector<task_needs> all(9);
  all[1].reads = {"a"};
  all[2].writes = {"a"};
  all[3].encoders = {"a"};
  all[4].avoid = {"a"};
  all[5].node = "a";
  all[6].reads = {"a", "b"};
  all[7].reads = {"ab"};
  all[8].reads = {"b", "a"};
  for (size_t i = 0; i < all.size(); ++i)
    queue.push(job(i), all[i]);
  CAF_CHECK_EQUAL(queue.classes().size(), all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    CAF_REQUIRE(queue.needs_of(job(i), 0) != nullptr);
    CAF_CHECK(*queue.needs_of(job(i), 0) == all[i]);
  }
}

CAF_TEST(names that run into each other are told apart) {
  task_needs one;
  one.reads = {"a", "1:b"};
  task_needs other;
  other.reads = {"a1", "b"};
  queue.push(job(1), one);
  queue.push(job(2), other);
  CAF_CHECK_EQUAL(queue.classes().size(), 2u);
}

CAF_TEST(a task that is pushed again needs what was said last) {
  queue.push(job(1), needing("a", 5));
  queue.push(job(1), needing("b", 2));
  CAF_CHECK_EQUAL(queue.size(), 1u);
  CAF_CHECK_EQUAL(queue.classes().size(), 1u);
  CAF_CHECK_EQUAL(queue.needs_of(job(1), 0)->reads,
                  std::vector<std::string>{"b"});
  CAF_CHECK_EQUAL(queue.classes().begin()->second.tasks.begin()->priority, 2u);
}

CAF_TEST(tasks of one job wait on their own) {
  queue.push(job(1), needing("a", 5, 0));
  queue.push(job(1), needing("a", 5, 1));
  CAF_CHECK_EQUAL(queue.size(), 2u);
  queue.remove(job(1), 0);
  CAF_CHECK(queue.needs_of(job(1), 0) == nullptr);
  CAF_CHECK(queue.needs_of(job(1), 1) != nullptr);
}

CAF_TEST(a job that ended has no task in the queue and no class is left empty) {
  queue.push(job(1), needing("a", 5, 0));
  queue.push(job(1), needing("b", 5, 1));
  queue.push(job(2), needing("a"));
  queue.remove(job(1));
  CAF_CHECK_EQUAL(queue.size(), 1u);
  CAF_CHECK_EQUAL(order(), (std::vector<uint64_t>{2}));
}

CAF_TEST(what is not there is removed without harm) {
  queue.remove(job(1));
  queue.remove(job(1), 3);
  queue.push(job(2), needing("a"));
  queue.remove(job(2), 1);
  queue.remove(job(3));
  CAF_CHECK_EQUAL(queue.size(), 1u);
  queue.remove(job(2), 0);
  queue.remove(job(2), 0);
  CAF_CHECK_EQUAL(queue.size(), 0u);
  CAF_CHECK(queue.classes().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
