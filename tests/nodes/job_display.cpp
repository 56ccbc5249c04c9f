#define CAF_SUITE job_display

#include "nodes/job_display.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/nodes/fake_cluster.hpp"

using namespace troupe;

namespace {

using list = std::vector<std::string>;

job_report job(uint64_t number, job_state state) {
  job_report result;
  result.id = {1, number};
  result.spec.name = "film";
  result.state = state;
  if (state == job_state::completed)
    result.result.outputs = {{"m:/out.mp4", 1000, "", 0, 0}};
  if (state == job_state::failed)
    result.error = {ec::bad_input, "m:/in.mkv", "damaged", ""};
  return result;
}

} // namespace

CAF_TEST(one job is told like that of encode) {
  test::captured_output out;
  job_display display{out, 1};
  display.show(job(1, job_state::queued));
  display.show(job(1, job_state::queued));
  display.show(job(1, job_state::completed));
  CAF_REQUIRE_EQUAL(out.lines.size(), 3u);
  CAF_CHECK_EQUAL(out.lines[0], "waiting");
  CAF_CHECK_EQUAL(out.lines[1], "m:/out.mp4: 1.0 kB");
}

CAF_TEST(lines of several jobs begin with their names) {
  test::captured_output out;
  job_display display{out, 2};
  display.show(job(1, job_state::queued));
  display.show(job(2, job_state::failed));
  display.show(job(1, job_state::completed));
  CAF_CHECK_EQUAL(out.lines, (list{"film (000000000001): waiting",
                                   "film (000000000001): completed"}));
  CAF_REQUIRE_EQUAL(out.complaints.size(), 1u);
  CAF_CHECK_EQUAL(out.complaints[0].subject, "film (000000000002): m:/in.mkv");
}
