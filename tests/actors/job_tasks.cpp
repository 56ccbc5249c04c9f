#define CAF_SUITE job_tasks

#include "actors/job_tasks.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

job_spec ladder() {
  job_spec result;
  result.input = "in.mkv";
  result.output = "out_{height}.mp4";
  result.what.renditions = {{720}, {480}};
  result.replace = true;
  result.stall_timeout_s = 7;
  return result;
}

encode_plan plan_of_two() {
  encode_plan result;
  result.outputs.resize(2);
  result.outputs[0].width = 1280;
  result.outputs[0].height = 720;
  result.outputs[1].width = 854;
  result.outputs[1].height = 480;
  result.outputs[1].rendition = 1;
  for (auto& output : result.outputs) {
    output.streams.resize(2);
    output.streams[0].action = stream_action::encode;
    output.streams[0].video.encoder = "libx265";
    output.streams[1].kind = stream_kind::audio;
  }
  result.dropped = {"planned"};
  result.warnings = {"guessed"};
  return result;
}

} // namespace

CAF_TEST(a probe carries what must be checked before work starts) {
  auto task = probe_task({}, ladder(), {"libx265", "other"});
  CAF_CHECK(task.kind == task_kind::probe);
  CAF_CHECK_EQUAL(task.input, "in.mkv");
  CAF_CHECK_EQUAL(task.outputs,
                  (std::vector<std::string>{"out_720.mp4", "out_480.mp4"}));
  CAF_CHECK(task.replace);
  CAF_CHECK_EQUAL(task.stall_timeout_s, 7.0);
  CAF_CHECK_EQUAL(task.likely_encoders, std::vector<std::string>{"libx265"});
}

CAF_TEST(a probe for a job without pictures readies no encoder) {
  CAF_CHECK(probe_task({}, ladder(), {}).likely_encoders.empty());
}

CAF_TEST(roots are needed only where paths name them) {
  job_spec spec;
  spec.input = "media:/in.mkv";
  spec.output = "kept:/out.mp4";
  using names = std::vector<std::string>;
  CAF_CHECK_EQUAL(needs_of(spec, std::nullopt, 0, true).reads, names{"media"});
  CAF_CHECK_EQUAL(needs_of(spec, std::nullopt, 0, true).writes, names{"kept"});
  CAF_CHECK(needs_of(spec, std::nullopt, 0, false).reads.empty());
  CAF_CHECK(needs_of(spec, std::nullopt, 0, false).writes.empty());
}

CAF_TEST(an encode names the encoders of its plan) {
  auto task = whole_task({}, ladder(), plan_of_two());
  CAF_CHECK(task.kind == task_kind::whole);
  CAF_CHECK_EQUAL(task.plan.outputs.size(), 2u);
  CAF_REQUIRE(!task.likely_encoders.empty());
  CAF_CHECK_EQUAL(task.likely_encoders.front(), "libx265");
}

CAF_TEST(a rendition that the plan leaves out takes its path along) {
  auto plan = plan_of_two();
  plan.outputs.erase(plan.outputs.begin());
  auto task = whole_task({}, ladder(), plan);
  CAF_CHECK_EQUAL(task.outputs, std::vector<std::string>{"out_480.mp4"});
  task_result done;
  done.report.outputs.resize(1);
  auto result = result_of(ladder(), plan, done, 1);
  CAF_REQUIRE_EQUAL(result.outputs.size(), 1u);
  CAF_CHECK_EQUAL(result.outputs[0].path, "out_480.mp4");
  CAF_CHECK_EQUAL(result.outputs[0].height, 480u);
}

CAF_TEST(a result tells of every file and of all that was left out) {
  task_result done;
  done.report.outputs.resize(2);
  done.report.outputs[0].size_bytes = 100;
  done.report.outputs[0].sha256 = "ab";
  done.report.outputs[0].duration_s = 20;
  done.report.outputs[0].streams.resize(2);
  done.report.outputs[0].streams[0].kind = stream_kind::audio;
  done.report.outputs[0].streams[0].frames = 9;
  done.report.outputs[0].streams[1].kind = stream_kind::video;
  done.report.outputs[0].streams[1].frames = 500;
  done.report.dropped = {"found"};
  done.report.warnings = {"damaged"};
  done.warnings = {"verified"};
  auto result = result_of(ladder(), plan_of_two(), done, 4);
  CAF_REQUIRE_EQUAL(result.outputs.size(), 2u);
  CAF_CHECK(
      (result.outputs[0] == output_file{"out_720.mp4", 100, "ab", 1280, 720}));
  CAF_CHECK_EQUAL(result.outputs[1].path, "out_480.mp4");
  CAF_CHECK_EQUAL(result.frames, 500u);
  CAF_CHECK_EQUAL(result.duration_s, 20.0);
  CAF_CHECK_EQUAL(result.speed, 5.0);
  CAF_CHECK_EQUAL(result.fps, 125.0);
  CAF_CHECK_EQUAL(result.dropped,
                  (std::vector<std::string>{"planned", "found"}));
  CAF_CHECK_EQUAL(result.warnings,
                  (std::vector<std::string>{"guessed", "damaged", "verified"}));
}
