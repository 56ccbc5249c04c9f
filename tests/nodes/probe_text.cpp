#define CAF_SUITE probe_text

#include "nodes/probe_text.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(a machine is a few lines and a row per encoder) {
  profile machine;
  machine.hostname = "alpha";
  machine.os = "Debian";
  machine.cpu = {"Fast CPU", 1, 2};
  machine.memory_bytes = 8'000'000'000;
  machine.disk_free_bytes = 500'000'000;
  machine.libraries = {{"libavcodec", "59.37.100"}, {"libavutil", "57.28.100"}};
  encoder_capability works;
  works.name = "libx264";
  works.codec = "h264";
  works.kind = "software";
  works.works = true;
  works.max_width = 3840;
  works.max_height = 2160;
  works.fps_1080p = 88.04;
  encoder_capability fails;
  fails.name = "h264_nvenc";
  fails.codec = "h264";
  fails.kind = "hardware";
  fails.reason = "no\ndriver";
  machine.encoders = {works, fails};
  CAF_CHECK_EQUAL(
      probe_text(machine, true),
      "machine    alpha, Debian\n"
      "processor  Fast CPU, 1 core, 2 threads to use\n"
      "memory     8.0 GB\n"
      "disk       500.0 MB free here\n"
      "libraries  libavcodec 59.37.100, libavutil 57.28.100\n"
      "\n"
      "encoder     codec  kind      works  up to      fps at 1080p  why not\n"
      "libx264     h264   software  yes    3840x2160  88.0\n"
      "h264_nvenc  h264   hardware  no                              "
      "no\\x0adriver\n");
}
