#define CAF_SUITE output_space

#include "actors/output_space.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

constexpr uint64_t mib = uint64_t{1} << 20;

/// Picture and sound at so many bits per second.
output_plan plan(int64_t video, int64_t audio) {
  output_plan result;
  result.streams.resize(2);
  auto& picture = result.streams[0];
  picture.kind = stream_kind::video;
  picture.action = stream_action::encode;
  picture.video.bit_rate = video;
  auto& sound = result.streams[1];
  sound.kind = stream_kind::audio;
  sound.action = stream_action::encode;
  sound.audio.bit_rate = audio;
  return result;
}

} // namespace

CAF_TEST(known bit rates and duration tell the size) {
  CAF_CHECK_EQUAL(estimated_bytes(plan(8'000'000, 800'000), 10, 1),
                  11'000'000u);
}

CAF_TEST(without them it is a tenth of the input and at least 64 MiB) {
  CAF_CHECK_EQUAL(estimated_bytes(plan(0, 800'000), 10, 10'000 * mib),
                  1'000 * mib);
  CAF_CHECK_EQUAL(estimated_bytes(plan(8'000'000, 0), 10, mib), 64 * mib);
  CAF_CHECK_EQUAL(estimated_bytes(plan(8'000'000, 800'000), 0, mib), 64 * mib);
  CAF_CHECK_EQUAL(estimated_bytes(output_plan{}, 10, mib), 64 * mib);
}

CAF_TEST(
    a stream that is copied makes the size unknown and a subtitle does not ) {
  auto x = plan(8'000'000, 800'000);
  x.streams.emplace_back();
  x.streams[2].kind = stream_kind::subtitle;
  x.streams[2].action = stream_action::copy;
  CAF_CHECK_EQUAL(estimated_bytes(x, 10, mib), 11'000'000u);
  x.streams[1].action = stream_action::copy;
  CAF_CHECK_EQUAL(estimated_bytes(x, 10, mib), 64 * mib);
}

CAF_TEST(absurd figures do not overflow) {
  CAF_CHECK_EQUAL(estimated_bytes(plan(int64_t{1} << 62, 1), 1e300, 1),
                  1'000'000'000'000'000u);
}

CAF_TEST(too little room is told with both figures) {
  CAF_CHECK(check_space("out", 100 * mib, 100 * mib));
  auto result = check_space("out", 3 * 1024 * mib, 1536 * mib);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::disk_full);
  CAF_CHECK_EQUAL(result.error().subject, "out");
  CAF_CHECK_EQUAL(result.error().cause,
                  "1.5 GiB are free, but about 3.0 GiB will be needed");
}
