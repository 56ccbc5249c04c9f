#define CAF_SUITE color

#include "encode/color.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

stream_info unlabelled(uint32_t width, uint32_t height) {
  auto result = video_stream(width, height);
  result.color = {};
  return result;
}

std::string guess(const stream_info& stream) {
  auto full = full_color(stream);
  return full.matrix + " " + full.primaries + " " + full.transfer + " "
         + full.range + " " + full.chroma_location;
}

} // namespace

CAF_TEST(unlabelled pictures are guessed by their size) {
  CAF_CHECK_EQUAL(guess(unlabelled(1920, 1080)), "bt709 bt709 bt709 tv left");
  CAF_CHECK_EQUAL(guess(unlabelled(1280, 536)), "bt709 bt709 bt709 tv left");
  CAF_CHECK_EQUAL(guess(unlabelled(720, 480)), "smpte170m bt709 bt709 tv left");
  CAF_CHECK_EQUAL(guess(unlabelled(720, 576)), "bt470bg bt709 bt709 tv left");
  CAF_CHECK_EQUAL(guess(unlabelled(640, 360)), "smpte170m bt709 bt709 tv left");
  CAF_CHECK_EQUAL(guess(unlabelled(480, 854)), "bt709 bt709 bt709 tv left");
}

CAF_TEST(labels go before guesses) {
  auto stream = unlabelled(720, 480);
  stream.color.matrix = "bt709";
  CAF_CHECK_EQUAL(guess(stream), "bt709 bt709 bt709 tv left");
  stream.color = {"bt470bg", "gamma28", "smpte170m", "pc", "center"};
  CAF_CHECK_EQUAL(guess(stream), "smpte170m bt470bg bt709 pc center");
  stream.color = {"", "", "smpte170m", "", ""};
  CAF_CHECK_EQUAL(guess(stream), "smpte170m smpte170m bt709 tv left");
}

CAF_TEST(full range formats are full range) {
  auto stream = unlabelled(1920, 1080);
  stream.pixel_format = "yuvj420p";
  CAF_CHECK_EQUAL(full_color(stream).range, "pc");
  stream.color.range = "tv"; // the format is what the decoder made
  CAF_CHECK_EQUAL(full_color(stream).range, "pc");
}

CAF_TEST(jpeg and rgb and grey have fixed meanings) {
  auto jpeg = unlabelled(1920, 1080);
  jpeg.codec = "mjpeg";
  jpeg.pixel_format = "yuvj422p";
  CAF_CHECK_EQUAL(guess(jpeg), "bt470bg bt709 bt709 pc left");
  auto rgb = unlabelled(640, 480);
  rgb.rgb = true;
  rgb.pixel_format = "rgb24";
  rgb.color.transfer = "iec61966-2-1";
  CAF_CHECK_EQUAL(full_color(rgb).matrix, "gbr");
  CAF_CHECK_EQUAL(full_color(rgb).transfer, "bt709");
  CAF_CHECK_EQUAL(full_color(rgb).range, "pc");
  auto gray = unlabelled(640, 480);
  gray.pixel_format = "gray";
  CAF_CHECK_EQUAL(full_color(gray).matrix, "bt709");
  CAF_CHECK_EQUAL(full_color(gray).range, "tv");
  gray.codec = "png";
  CAF_CHECK_EQUAL(full_color(gray).range, "pc");
}

CAF_TEST(hdr is told by its transfer) {
  CAF_CHECK(is_hdr(hdr10_stream()));
  CAF_CHECK(!is_hdr(video_stream()));
  auto hlg = unlabelled(1920, 1080);
  hlg.color.transfer = "arib-std-b67";
  CAF_CHECK(is_hdr(hlg));
  CAF_CHECK_EQUAL(guess(hlg), "bt2020nc bt2020 arib-std-b67 tv left");
}

CAF_TEST(only bt709 in limited range is bt709) {
  CAF_CHECK(is_bt709(bt709_color()));
  CAF_CHECK(is_bt709(full_color(video_stream())));
  CAF_CHECK(!is_bt709(full_color(hdr10_stream())));
  CAF_CHECK(!is_bt709(full_color(unlabelled(720, 576))));
  auto full_range = video_stream();
  full_range.color.range = "pc";
  CAF_CHECK(!is_bt709(full_color(full_range)));
}
