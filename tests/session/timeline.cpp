#define CAF_SUITE timeline

#include "encode/session/timeline.hpp"

#include <caf/test/unit_test.hpp>

using troupe::session::timeline;

namespace {

constexpr int64_t second = 1'000'000;
constexpr int64_t frame = 40'000;

} // namespace

CAF_TEST(the start of the file becomes zero) {
  timeline clock{140 * second, true};
  CAF_CHECK_EQUAL(clock.correction(0, 140 * second, frame), -140 * second);
  CAF_CHECK_EQUAL(clock.correction(0, 141 * second, frame), -140 * second);
}

CAF_TEST(a container whose clock cannot jump is only shifted) {
  timeline clock{second, false};
  clock.correction(0, second, frame);
  CAF_CHECK_EQUAL(clock.correction(0, 9000 * second, frame), -second);
  CAF_CHECK_EQUAL(clock.jumps(), 0u);
}

CAF_TEST(a gap of seconds stays a gap) {
  timeline clock{0, true};
  clock.correction(0, 0, frame);
  CAF_CHECK_EQUAL(clock.correction(0, 8 * second, frame), 0);
  CAF_CHECK_EQUAL(clock.jumps(), 0u);
}

CAF_TEST(a clock that jumps back goes on where the last packet ended) {
  timeline clock{140 * second, true};
  clock.correction(0, 145 * second, frame);
  auto offset = clock.correction(0, 3 * second, frame);
  CAF_CHECK_EQUAL(3 * second + offset, 5 * second + frame);
  CAF_CHECK_EQUAL(clock.jumps(), 1u);
}

CAF_TEST(a wrap of the 33 bit clock is a jump) {
  constexpr int64_t wrap = (int64_t{1} << 33) * 1'000'000 / 90'000;
  timeline clock{0, true};
  clock.correction(0, wrap - frame, frame);
  CAF_CHECK_EQUAL(clock.correction(0, 0, frame), wrap);
}

CAF_TEST(picture and sound keep their distance across a jump) {
  timeline clock{0, true};
  clock.correction(0, 10 * second, frame);
  clock.correction(1, 10 * second + 5'000, frame);
  // The picture crosses first; the sound arrives 5 ms later on the new clock,
  // as it did on the old one.
  auto picture = clock.correction(0, 500 * second, frame);
  auto sound = clock.correction(1, 500 * second + 5'000, frame);
  CAF_CHECK_EQUAL(picture, sound);
  CAF_CHECK_EQUAL(clock.jumps(), 1u);
}

CAF_TEST(a stream that is still on the old clock keeps its offset) {
  timeline clock{0, true};
  clock.correction(0, 10 * second, frame);
  clock.correction(1, 9 * second, frame);
  clock.correction(0, 500 * second, frame);
  CAF_CHECK_EQUAL(clock.correction(1, 9 * second + frame, frame), 0);
}

CAF_TEST(packets without a decoding time follow their stream) {
  timeline clock{2 * second, true};
  CAF_CHECK_EQUAL(clock.correction(0, std::nullopt, 0), -2 * second);
}
