#define CAF_SUITE progress_meter

#include "actors/progress_meter.hpp"

#include <cmath>

#include <caf/test/unit_test.hpp>

#include "actors/rate_limit.hpp"
#include "actors/stall_watch.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

using time_point = progress_meter::time_point;

const time_point start{1000s};

bool near(double x, double y) {
  return std::abs(x - y) < 1e-6;
}

session_progress counters(double position_s, uint64_t frames) {
  session_progress result;
  result.position_s = position_s;
  result.frames_encoded = frames;
  return result;
}

/// Looks twice a second, as an encoder does.
bool stalls_within(stall_watch& watch, stall_watch::time_point from,
                   std::chrono::seconds time) {
  for (auto now = from + 500ms; now <= from + time; now += 500ms)
    if (watch.stalled(now))
      return true;
  return false;
}

} // namespace

CAF_TEST(half way through the source in 10 s leaves about 10 s) {
  progress_meter meter{{}, 100, start};
  auto x = meter.measure(counters(50, 1250), false, start + 10s);
  CAF_CHECK(near(x.done, 0.475));
  CAF_CHECK(near(x.fps, 125));
  CAF_CHECK(near(x.speed, 5));
  CAF_CHECK(x.eta_s > 10 && x.eta_s < 12);
  CAF_CHECK(!x.verifying);
}

CAF_TEST(a source of unknown length has figures but no end in sight) {
  progress_meter meter{{}, 0, start};
  auto x = meter.measure(counters(50, 100), false, start + 10s);
  CAF_CHECK(near(x.done, 0));
  CAF_CHECK(near(x.eta_s, 0));
  CAF_CHECK(near(x.fps, 10));
}

CAF_TEST(a source longer than it said is not more than encoded) {
  progress_meter meter{{}, 10, start};
  auto x = meter.measure(counters(500, 1), false, start + 1s);
  CAF_CHECK(x.done <= 0.95);
}

CAF_TEST(progress never goes back) {
  progress_meter meter{{}, 10, start};
  auto before = meter.measure(counters(5, 1), false, start + 1s).done;
  CAF_CHECK(meter.measure(counters(4, 1), false, start + 2s).done >= before);
}

CAF_TEST(verifying is the last twentieth and leaves the speed as it was) {
  progress_meter meter{{}, 10, start};
  auto x = counters(10, 250);
  x.bytes_written = 1000;
  auto first = meter.measure(x, true, start + 10s);
  CAF_CHECK(near(first.done, 0.95));
  CAF_CHECK(near(first.fps, 25));
  x.bytes_checked = 1000;
  auto last = meter.measure(x, true, start + 20s);
  CAF_CHECK(near(last.done, 1));
  CAF_CHECK(near(last.fps, 25));
  CAF_CHECK(near(last.eta_s, 0));
  CAF_CHECK(last.verifying);
}

CAF_TEST(nothing measured at the very start is a number nonetheless) {
  progress_meter meter{{}, 10, start};
  auto x = meter.measure({}, false, start);
  CAF_CHECK(near(x.fps, 0) && near(x.speed, 0) && near(x.eta_s, 0));
}

CAF_TEST(four times a second is let through however it jitters) {
  rate_limit limit{250ms};
  auto passed = 0;
  for (int i = 0; i < 40; ++i)
    passed += limit.take(start + i * 250ms + (i % 2) * 20ms) ? 1 : 0;
  CAF_CHECK(passed >= 30);
  passed = 0;
  for (int i = 0; i < 1000; ++i)
    passed += limit.take(start + 100s + i * 10ms) ? 1 : 0;
  CAF_CHECK(passed <= 41);
}

CAF_TEST(counters that stand for the timeout are a stall) {
  stall_watch watch{60, start};
  watch.saw(counters(1, 1), start + 10s);
  watch.saw(counters(1, 1), start + 10s);
  CAF_CHECK(!stalls_within(watch, start + 10s, 59s));
  CAF_CHECK(stalls_within(watch, start + 69s, 1s));
}

CAF_TEST(any counter that moves is no stall) {
  stall_watch watch{60, start};
  session_progress x;
  auto now = start;
  for (auto counter :
       {&session_progress::packets_read, &session_progress::frames_decoded,
        &session_progress::frames_filtered, &session_progress::frames_sent,
        &session_progress::frames_encoded, &session_progress::samples_decoded,
        &session_progress::bytes_read, &session_progress::bytes_written,
        &session_progress::bytes_checked}) {
    ++(x.*counter);
    watch.saw(x, now);
    CAF_CHECK(!stalls_within(watch, now, 59s));
    now += 59s;
  }
  CAF_CHECK(stalls_within(watch, now, 1s));
}

CAF_TEST(a session that says nothing at all stalls too) {
  stall_watch watch{0.5, start};
  CAF_CHECK(!watch.stalled(start + 250ms));
  CAF_CHECK(!watch.stalled(start + 499ms));
  CAF_CHECK(watch.stalled(start + 500ms));
}

CAF_TEST(a session does not stall while nobody looks) {
  // Who looks was stopped for a minute, again and again.
  for (auto timeout_s : {0.1, 1.5, 8.0}) {
    stall_watch watch{timeout_s, start};
    CAF_CHECK(!watch.stalled(start + 60s));
    watch.saw(counters(1, 1), start + 60s);
    CAF_CHECK(!watch.stalled(start + 120s));
    CAF_CHECK(stalls_within(watch, start + 120s, 6s));
  }
}
