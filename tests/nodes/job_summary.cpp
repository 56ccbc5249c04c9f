#define CAF_SUITE job_summary

#include "nodes/job_summary.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(a completed job tells what it made and how fast) {
  job_report report;
  report.state = job_state::completed;
  report.result.outputs = {{"a_720.mp4", 5'000'000, "", 1280, 720},
                           {"a.m4a", 999, "", 0, 0}};
  report.result.frames = 1000;
  report.result.duration_s = 40;
  report.result.wall_s = 8;
  report.result.speed = 5;
  report.result.fps = 125;
  report.result.dropped = {"subtitle stream 3 (pgs): no place in mp4"};
  report.result.warnings = {"2 frames were damaged"};
  auto lines = summary_of(report);
  CAF_REQUIRE_EQUAL(lines.size(), 5u);
  CAF_CHECK_EQUAL(lines[0], "a_720.mp4: 5.0 MB, 1280x720");
  CAF_CHECK_EQUAL(lines[1], "a.m4a: 999 B");
  CAF_CHECK_EQUAL(lines[2], "0:40.000 of media in 0:08.000, 5.00x, 125 fps");
  CAF_CHECK_EQUAL(lines[3],
                  "dropped: subtitle stream 3 (pgs): no place in mp4");
  CAF_CHECK_EQUAL(lines[4], "warning: 2 frames were damaged");
}

CAF_TEST(sound alone has no frames per second) {
  job_report report;
  report.result.duration_s = 1;
  report.result.wall_s = 0.5;
  auto lines = summary_of(report);
  CAF_REQUIRE_EQUAL(lines.size(), 1u);
  CAF_CHECK_EQUAL(lines[0], "0:01.000 of media in 0:00.500");
}
