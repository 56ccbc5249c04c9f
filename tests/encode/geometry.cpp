#define CAF_SUITE geometry

#include "encode/geometry.hpp"

#include <cmath>

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

std::string words(const picture_size& x) {
  return std::to_string(x.width) + "x" + std::to_string(x.height) + " "
         + std::to_string(x.sample_aspect.num) + ":"
         + std::to_string(x.sample_aspect.den);
}

std::string boxed(picture_size source, uint32_t width, uint32_t height) {
  return words(fit_into_box(source, width, height));
}

const picture_size full_hd{1920, 1080, {1, 1}};

} // namespace

CAF_TEST(a picture that fits stays as it is) {
  CAF_CHECK_EQUAL(boxed({641, 361, {1, 1}}, 1920, 1080), "641x361 1:1");
  CAF_CHECK_EQUAL(boxed(full_hd, 1920, 1080), "1920x1080 1:1");
  CAF_CHECK_EQUAL(boxed({1, 1, {}}, 1920, 1080), "1x1 0:1");
}

CAF_TEST(a larger picture is fitted with even sides) {
  CAF_CHECK_EQUAL(boxed({3840, 2160, {1, 1}}, 1920, 1080), "1920x1080 1:1");
  CAF_CHECK_EQUAL(boxed({4096, 1716, {1, 1}}, 1920, 1080), "1920x804 1:1");
  CAF_CHECK_EQUAL(boxed({1440, 1080, {1, 1}}, 1280, 720), "960x720 1:1");
  CAF_CHECK_EQUAL(boxed(full_hd, 854, 480), "854x480 1:1");
}

CAF_TEST(the box turns with the picture) {
  CAF_CHECK_EQUAL(boxed({2160, 3840, {1, 1}}, 1920, 1080), "1080x1920 1:1");
  CAF_CHECK_EQUAL(boxed({1080, 1920, {1, 1}}, 854, 480), "480x854 1:1");
  CAF_CHECK_EQUAL(boxed({2000, 2000, {1, 1}}, 1920, 1080), "1080x1080 1:1");
  // Stored upright, shown wide.
  CAF_CHECK_EQUAL(boxed({1000, 1100, {2, 1}}, 1920, 1080), "982x1080 2:1");
}

CAF_TEST(anamorphic pictures stay anamorphic) {
  CAF_CHECK_EQUAL(boxed({1440, 1080, {4, 3}}, 1280, 720), "960x720 4:3");
  CAF_CHECK_EQUAL(boxed({720, 576, {64, 45}}, 1920, 1080), "720x576 64:45");
}

CAF_TEST(extreme shapes keep their display aspect through the pixels) {
  picture_size source{10000, 10, {1, 1}};
  auto result = fit_into_box(source, 1920, 1080);
  CAF_CHECK_EQUAL(result.width, 1920u);
  CAF_CHECK_EQUAL(result.height, 2u);
  CAF_CHECK(std::abs(display_aspect(result) / display_aspect(source) - 1)
            < 0.001);
}

CAF_TEST(one side given lets the other follow) {
  CAF_CHECK_EQUAL(words(resize(full_hd, 640, 0)), "640x360 1:1");
  CAF_CHECK_EQUAL(words(resize(full_hd, 0, 480)), "854x480 1:1");
  CAF_CHECK_EQUAL(words(resize({720, 576, {16, 15}}, 360, 0)), "360x288 16:15");
}

CAF_TEST(both sides given change the pixels and not the picture) {
  CAF_CHECK_EQUAL(words(resize(full_hd, 640, 640)), "640x640 16:9");
  CAF_CHECK_EQUAL(words(resize({720, 576, {64, 45}}, 1024, 576)),
                  "1024x576 1:1");
}

CAF_TEST(what does not fill a multiple is cut) {
  CAF_CHECK_EQUAL(words(align({641, 361, {1, 1}}, {2, 2})), "640x360 1:1");
  CAF_CHECK_EQUAL(words(align({1, 1, {}}, {2, 2})), "2x2 0:1");
  CAF_CHECK_EQUAL(words(align({720, 486, {}}, {2, 4})), "720x484 0:1");
  CAF_CHECK_EQUAL(words(align({641, 361, {}}, {1, 1})), "641x361 0:1");
}

CAF_TEST(a turned picture swaps sides and pixels) {
  auto stream = video_stream(720, 576);
  stream.sample_aspect = {16, 15};
  stream.turn = orientation::rotate_90;
  CAF_CHECK_EQUAL(words(upright_size(stream)), "576x720 15:16");
  stream.turn = orientation::rotate_180;
  CAF_CHECK_EQUAL(words(upright_size(stream)), "720x576 16:15");
  stream.turn = orientation::other;
  CAF_CHECK_EQUAL(words(upright_size(stream)), "720x576 16:15");
  stream.sample_aspect = {5, 0};
  CAF_CHECK_EQUAL(words(upright_size(stream)), "720x576 0:1");
}

CAF_TEST(renditions larger than the source are left out) {
  using indices = std::vector<uint32_t>;
  std::vector<rendition> ladder{{1080}, {720}, {480}};
  CAF_CHECK((useful_renditions(full_hd, ladder) == indices{0, 1, 2}));
  CAF_CHECK((useful_renditions({1280, 720, {}}, ladder) == indices{1, 2}));
  CAF_CHECK((useful_renditions({720, 1280, {}}, ladder) == indices{1, 2}));
  // Wide films have fewer lines than their name says.
  CAF_CHECK((useful_renditions({1920, 804, {}}, ladder) == indices{0, 1, 2}));
  // Nearly as large is large enough.
  CAF_CHECK((useful_renditions({1904, 1072, {}}, ladder) == indices{0, 1, 2}));
}

CAF_TEST(the smallest rendition is always made) {
  using indices = std::vector<uint32_t>;
  CAF_CHECK((useful_renditions({160, 120, {}}, {{720}, {480}, {1080}})
             == indices{1}));
  CAF_CHECK(useful_renditions(full_hd, {}).empty());
}
