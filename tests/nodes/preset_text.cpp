#define CAF_SUITE preset_text

#include "nodes/preset_text.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(a preset is a row) {
  preset plain;
  plain.name = "big";
  plain.summary = "for later";
  plain.codec = "hevc";
  plain.container = "mp4";
  plain.audio_codec = "copy";
  plain.priority = 9;
  preset fixed;
  fixed.name = "tall";
  fixed.summary = "for phones";
  fixed.codec = "h264";
  fixed.container = "mp4";
  fixed.audio_codec = "aac";
  fixed.audio_bit_rate = 128'000;
  fixed.priority = 3;
  fixed.box_width = 1080;
  fixed.box_height = 1920;
  fixed.fixed_frame = true;
  CAF_CHECK_EQUAL(
      preset_text({plain, fixed}),
      "preset  codec  container  size           audio     priority  what for\n"
      "big     hevc   mp4        as the source  copy      9         for later\n"
      "tall    h264   mp4        1080x1920      aac 128k  3         for "
      "phones\n");
}

CAF_TEST(without a codec the sound is kept) {
  CAF_CHECK(preset_text({preset{}}).find("  kept  ") != std::string::npos);
}

CAF_TEST(a box that is not the frame is a limit) {
  preset x;
  x.box_width = 1920;
  x.box_height = 1080;
  CAF_CHECK(preset_text({x}).find("up to 1920x1080") != std::string::npos);
}
