#define CAF_SUITE progress_line

#include "nodes/progress_line.hpp"

#include <limits>
#include <regex>

#include <caf/test/unit_test.hpp>

#include "nodes/printable.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

constexpr terminal_traits ascii{true, false, false};
constexpr terminal_traits unicode{true, true, false};
constexpr terminal_traits colorful{true, true, true};

job_report half_done() {
  job_report report;
  report.state = job_state::running;
  report.progress = 0.5;
  report.live.done = 0.5;
  report.live.fps = 118.4;
  report.live.speed = 4.73;
  report.live.eta_s = 12;
  report.live.counters.bytes_written = 12'300'000;
  return report;
}

std::string without_colors(const std::string& text) {
  return std::regex_replace(text, std::regex{"\x1b\\[[0-9;]*m"}, "");
}

} // namespace

CAF_TEST(a usual terminal shows everything) {
  CAF_CHECK_EQUAL(live_line(half_done(), 80, ascii),
                  "encoding [############.............] 50.0%  ETA 0:12  "
                  "118 fps  4.73x  12.3 MB");
}

CAF_TEST(blocks draw an eighth of a column) {
  auto report = half_done();
  report.live = {};
  report.progress = 0.5 + 1.0 / 80;
  CAF_CHECK_EQUAL(live_line(report, 32, unicode),
                  "encoding ███████▏░░░░░░ 51.2%");
}

CAF_TEST(the line leaves the last three columns free) {
  auto report = half_done();
  for (auto traits : {ascii, unicode, colorful})
    for (uint32_t columns = 0; columns < 200; ++columns)
      for (double done : {0.0, 0.1, 0.999, 1.0}) {
        report.progress = done;
        auto line = without_colors(live_line(report, columns, traits));
        CAF_CHECK_LESS_OR_EQUAL(columns_of(line),
                                columns < 3 ? 0 : columns - 3);
      }
}

CAF_TEST(narrow terminals lose the bar first and the percentage last) {
  auto report = half_done();
  CAF_CHECK_EQUAL(live_line(report, 34, ascii), "encoding 50.0%  ETA 0:12");
  CAF_CHECK_EQUAL(live_line(report, 18, ascii), "encoding 50.0%");
  CAF_CHECK_EQUAL(live_line(report, 8, ascii), "50.0%");
  CAF_CHECK_EQUAL(live_line(report, 7, ascii), "");
  CAF_CHECK_EQUAL(live_line(report, 0, ascii), "");
}

CAF_TEST(without an end in sight the line shows the media time) {
  auto report = half_done();
  report.progress = 0;
  report.live.eta_s = 0;
  report.live.counters.position_s = 83;
  CAF_CHECK_EQUAL(plain_line(report), "encoding 1:23, 118 fps, 4.73x, 12.3 MB");
}

CAF_TEST(figures that are not known are left out) {
  job_report report;
  report.state = job_state::running;
  report.live.eta_s = std::numeric_limits<double>::infinity();
  report.live.fps = std::numeric_limits<double>::quiet_NaN();
  report.progress = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK_EQUAL(plain_line(report), "encoding 0.0%");
}

CAF_TEST(before the encode there is only the activity) {
  job_report report;
  report.state = job_state::planning;
  CAF_CHECK_EQUAL(plain_line(report), "probing");
  CAF_CHECK_EQUAL(live_line(report, 80, colorful), "probing");
  CAF_CHECK_EQUAL(live_line(report, 7, ascii), "prob");
}

CAF_TEST(almost done does not read as done) {
  auto report = half_done();
  report.live = {};
  report.progress = 0.99999;
  CAF_CHECK_EQUAL(plain_line(report), "encoding 99.9%");
  report.progress = 7;
  CAF_CHECK_EQUAL(plain_line(report), "encoding 100.0%");
}

CAF_TEST(every state has its word) {
  job_report report;
  auto word = [&](job_state state) {
    report.state = state;
    return std::string{activity(report)};
  };
  CAF_CHECK_EQUAL(word(job_state::queued), "waiting");
  CAF_CHECK_EQUAL(word(job_state::planning), "probing");
  CAF_CHECK_EQUAL(word(job_state::running), "encoding");
  CAF_CHECK_EQUAL(word(job_state::verifying), "verifying");
  CAF_CHECK_EQUAL(word(job_state::completed), "completed");
  report.live.verifying = true;
  CAF_CHECK_EQUAL(word(job_state::running), "verifying");
  CAF_CHECK_EQUAL(word(job_state::failed), "failed");
}

CAF_TEST(what a job waits for stands in the place of old figures) {
  auto report = half_done();
  report.waiting = "no node has root \x1bmedia";
  CAF_CHECK_EQUAL(plain_line(report),
                  "waiting 50.0%: no node has root \x1bmedia");
  CAF_CHECK_EQUAL(live_line(report, 80, colorful),
                  "waiting 50.0%: no node has root \\x1bmedia");
  CAF_CHECK_EQUAL(live_line(report, 25, colorful), "waiting 50.0%: no node");
  report.state = job_state::queued;
  CAF_CHECK_EQUAL(plain_line(report), "waiting: no node has root \x1bmedia");
  // What is still to pause goes on until then.
  report.tasks.resize(1);
  report.tasks[0].state = task_state::running;
  report.state = job_state::running;
  CAF_CHECK_EQUAL(activity(report), "encoding");
  report.state = job_state::failed;
  CAF_CHECK_EQUAL(activity(report), "failed");
}

CAF_TEST(colours come only where they may) {
  CAF_CHECK(live_line(half_done(), 80, colorful).find('\x1b')
            != std::string::npos);
  CAF_CHECK(live_line(half_done(), 80, unicode).find('\x1b')
            == std::string::npos);
  CAF_CHECK_EQUAL(without_colors(live_line(half_done(), 80, colorful)),
                  live_line(half_done(), 80, unicode));
}

CAF_TEST(plain lines come with news and at most every five seconds) {
  line_pacer pacer;
  auto report = half_done();
  report.progress = 0;
  line_pacer::clock::time_point start{};
  auto due = [&](auto since_start) {
    return pacer.is_due(report, start + since_start);
  };
  CAF_CHECK(due(0s));
  CAF_CHECK(!due(1s));
  report.progress = 0.2;
  CAF_CHECK(!due(4s));
  CAF_CHECK(due(5s));
  report.progress = 0.29;
  CAF_CHECK(!due(20s));
  report.progress = 0.3;
  CAF_CHECK(due(21s));
  CAF_CHECK(!due(80s));
  CAF_CHECK(due(81s));
  report.live.verifying = true;
  CAF_CHECK(due(82s));
  report.waiting = "no node has root media";
  CAF_CHECK(due(83s));
  CAF_CHECK(!due(84s));
  report.waiting = "no node has a free slot";
  CAF_CHECK(due(85s));
}
