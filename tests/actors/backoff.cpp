#define CAF_SUITE backoff

#include "actors/backoff.hpp"

#include <caf/test/dsl.hpp>

using namespace troupe;
using std::chrono::milliseconds;

namespace {

/// The longest and the shortest wait of a step of 100 ms.
constexpr uint32_t most = 50;
constexpr uint32_t least = 0;

} // namespace

CAF_TEST(waits double up to the cap) {
  backoff pace{milliseconds{100}, milliseconds{300}};
  CAF_CHECK_EQUAL(pace.next(most).count(), 100);
  CAF_CHECK_EQUAL(pace.next(100).count(), 200);
  CAF_CHECK_EQUAL(pace.next(150).count(), 300);
  CAF_CHECK_EQUAL(pace.next(150).count(), 300);
}

CAF_TEST(chance takes up to half of a wait away) {
  backoff pace{milliseconds{100}, milliseconds{100}};
  CAF_CHECK_EQUAL(pace.next(least).count(), 50);
  CAF_CHECK_EQUAL(pace.next(most).count(), 100);
  CAF_CHECK_EQUAL(pace.next(most + 1).count(), 50);
}

CAF_TEST(after a reset it begins anew) {
  backoff pace{milliseconds{100}, milliseconds{1000}};
  for (int i = 0; i < 5; ++i)
    pace.next(least);
  pace.reset();
  CAF_CHECK_EQUAL(pace.next(most).count(), 100);
}

CAF_TEST(a wait of one millisecond stays one) {
  backoff pace{milliseconds{1}, milliseconds{1}};
  CAF_CHECK_EQUAL(pace.next(7).count(), 1);
}
