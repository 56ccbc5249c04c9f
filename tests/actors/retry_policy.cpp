#define CAF_SUITE retry_policy

#include "actors/retry_policy.hpp"

#include <vector>

#include <caf/test/unit_test.hpp>

using namespace troupe;
using namespace std::chrono_literals;
using verdict = retry_ruling::verdict;

namespace {

failure of(ec code) {
  return {code, "subject", "cause", "advice"};
}

const std::vector<ec> permanent{
    ec::usage,          ec::bad_input,     ec::no_input,
    ec::impossible_job, ec::output_exists, ec::cannot_create,
    ec::time_limit,     ec::outside_roots, ec::input_changed};

const std::vector<ec> of_the_node{ec::encoder_unavailable,
                                  ec::session_crashed,
                                  ec::stalled,
                                  ec::memory_limit,
                                  ec::disk_full,
                                  ec::verification_failed,
                                  ec::io_error,
                                  ec::protocol_mismatch,
                                  ec::session_unavailable,
                                  ec::internal};

const std::vector<ec> never_ran{ec::no_slot, ec::draining, ec::handed_back,
                                ec::stale_epoch, ec::cancelled};

} // namespace

CAF_TEST(what fails anywhere and always is never tried again) {
  for (auto code : permanent) {
    CAF_CHECK(is_permanent(code));
    CAF_CHECK(!blames_node(code));
    auto ruling = after_failure({}, {}, of(code));
    CAF_CHECK(ruling.what == verdict::give_up);
    CAF_CHECK(ruling.error.code == code);
    CAF_CHECK_EQUAL(ruling.counts.tries, 0u);
  }
}

CAF_TEST(what may be the fault of a node is tried elsewhere) {
  for (auto code : of_the_node) {
    CAF_CHECK(!is_permanent(code));
    CAF_CHECK(blames_node(code));
    auto ruling = after_failure({}, {}, of(code));
    CAF_CHECK(ruling.what == verdict::again);
    CAF_CHECK(ruling.elsewhere);
    CAF_CHECK(ruling.delay == 2s);
    CAF_CHECK_EQUAL(ruling.counts.tries, 1u);
  }
}

CAF_TEST(the wait doubles with each failure up to a cap) {
  retry_limits limits;
  limits.attempts = 100;
  retry_counts counts;
  std::vector<int64_t> waits;
  for (int i = 0; i < 10; ++i) {
    auto ruling = after_failure(limits, counts, of(ec::io_error));
    waits.push_back(ruling.delay.count());
    counts = ruling.counts;
  }
  CAF_CHECK_EQUAL(waits,
                  (std::vector<int64_t>{2000, 4000, 8000, 16000, 32000, 64000,
                                        128000, 256000, 300000, 300000}));
}

CAF_TEST(the third failure ends the job with its own error) {
  retry_counts counts;
  for (int i = 0; i < 2; ++i) {
    auto ruling = after_failure({}, counts, of(ec::stalled));
    CAF_CHECK(ruling.what == verdict::again);
    counts = ruling.counts;
  }
  auto last = after_failure({}, counts, of(ec::disk_full));
  CAF_CHECK(last.what == verdict::give_up);
  CAF_CHECK(last.error.code == ec::disk_full);
}

CAF_TEST(a task that no worker took counts towards no limit) {
  for (auto code : never_ran) {
    retry_counts counts{2, 2, 2, 0};
    auto ruling = after_failure({}, counts, of(code));
    CAF_CHECK(ruling.what == verdict::again);
    CAF_CHECK(ruling.delay == 100ms);
    CAF_CHECK(!ruling.elsewhere);
    CAF_CHECK_EQUAL(ruling.counts.tries, 2u);
    CAF_CHECK_EQUAL(ruling.counts.crashes, 2u);
    CAF_CHECK_EQUAL(ruling.counts.lost_nodes, 2u);
  }
}

CAF_TEST(refusals in a row are waited for longer and longer) {
  retry_counts counts;
  std::vector<int64_t> waits;
  for (int i = 0; i < 9; ++i) {
    auto ruling = after_failure({}, counts, of(ec::no_slot));
    waits.push_back(ruling.delay.count());
    counts = ruling.counts;
  }
  CAF_CHECK_EQUAL(waits, (std::vector<int64_t>{100, 200, 400, 800, 1600, 3200,
                                               6400, 10000, 10000}));
  CAF_CHECK_EQUAL(after_failure({}, counts, of(ec::io_error)).counts.refusals,
                  0u);
  CAF_CHECK_EQUAL(after_loss({}, counts, of(ec::worker_lost)).counts.refusals,
                  0u);
}

CAF_TEST(three sessions brought down are poison) {
  retry_limits limits;
  limits.attempts = 10;
  retry_counts counts;
  for (uint32_t i = 1; i < 3; ++i) {
    auto ruling = after_failure(limits, counts, of(ec::session_crashed));
    CAF_CHECK(ruling.what == verdict::again);
    counts = ruling.counts;
    CAF_CHECK_EQUAL(counts.crashes, i);
  }
  auto last = after_failure(limits, counts, of(ec::session_crashed));
  CAF_CHECK(last.what == verdict::give_up);
  CAF_CHECK(last.error.code == ec::poison);
  CAF_CHECK(last.error.cause.find("3 sessions") != std::string::npos);
  CAF_CHECK(last.error.cause.find("cause") != std::string::npos);
}

CAF_TEST(with a single attempt a crash is told as it is) {
  retry_limits limits;
  limits.attempts = 1;
  limits.crashes = 1;
  auto ruling = after_failure(limits, {}, of(ec::session_crashed));
  CAF_CHECK(ruling.what == verdict::give_up);
  CAF_CHECK(ruling.error.code == ec::session_crashed);
}

CAF_TEST(a task that is lost with its node is placed again at once) {
  retry_counts counts{2, 2, 0, 0};
  auto ruling = after_loss({}, counts, of(ec::worker_lost));
  CAF_CHECK(ruling.what == verdict::again);
  CAF_CHECK(ruling.delay == 0ms);
  CAF_CHECK(!ruling.elsewhere);
  CAF_CHECK_EQUAL(ruling.counts.tries, 2u);
  CAF_CHECK_EQUAL(ruling.counts.lost_nodes, 1u);
}

CAF_TEST(the third node that goes away with a task is poison) {
  auto ruling = after_loss({}, {0, 0, 2, 0}, of(ec::worker_lost));
  CAF_CHECK(ruling.what == verdict::give_up);
  CAF_CHECK(ruling.error.code == ec::poison);
  CAF_CHECK(ruling.error.cause.find("3 nodes") != std::string::npos);
}

CAF_TEST(with a single attempt a lost worker is the end and told as such) {
  retry_limits limits;
  limits.attempts = 1;
  auto ruling = after_loss(limits, {}, of(ec::worker_lost));
  CAF_CHECK(ruling.what == verdict::give_up);
  CAF_CHECK(ruling.error.code == ec::worker_lost);
  limits.lost_nodes = 1;
  ruling = after_loss(limits, {}, of(ec::worker_lost));
  CAF_CHECK(ruling.what == verdict::give_up);
  CAF_CHECK(ruling.error.code == ec::worker_lost);
}
