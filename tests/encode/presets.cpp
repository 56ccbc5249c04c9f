#define CAF_SUITE presets

#include "encode/presets.hpp"

#include <caf/test/unit_test.hpp>

#include "encode/containers.hpp"
#include "encode/encoders.hpp"
#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

CAF_TEST(the presets are those that people are told of) {
  std::vector<std::string_view> names;
  for (const auto& one : presets())
    names.push_back(one.name);
  std::vector<std::string_view> expected{"standard", "high_quality", "web",
                                         "archive",  "social",       "web_av1"};
  CAF_CHECK(names == expected);
  for (const auto& one : presets())
    CAF_CHECK(!one.summary.empty() && one.summary.size() < 80);
}

CAF_TEST(an unknown preset is none) {
  CAF_CHECK(find_preset("best") == nullptr);
  CAF_CHECK(find_preset("") == nullptr);
}

CAF_TEST(every preset makes a job that its container can hold) {
  for (const auto& one : presets()) {
    auto spec = job_to("out", std::string{one.name});
    auto valid = validate(spec);
    CAF_CHECK_EQUAL(problem(valid.error()), "");
    auto rules = find_container(one.container);
    CAF_REQUIRE(rules != nullptr);
    CAF_CHECK(holds(rules->video, one.codec));
    CAF_CHECK(one.audio_codec.empty() || holds(rules->audio, one.audio_codec));
  }
}

CAF_TEST(quality and speed of a preset are words of its encoder) {
  for (const auto& one : presets()) {
    auto encoder = encoders_of(one.codec).front();
    CAF_CHECK(one.crf < 0
              || (one.crf >= encoder->min_quality
                  && one.crf <= encoder->max_quality));
    CAF_CHECK(one.speed.empty() || holds(encoder->speeds, one.speed));
  }
}

CAF_TEST(a job without a priority has that of its preset) {
  CAF_CHECK_EQUAL(effective_priority(job_to("a.mov", "high_quality")), 1u);
  CAF_CHECK_EQUAL(effective_priority(job_to("a.mp4", "social")), 3u);
  CAF_CHECK_EQUAL(effective_priority(job_to("a.mp4", "standard")), 5u);
  CAF_CHECK_EQUAL(effective_priority(job_to("a.webm", "web")), 7u);
  CAF_CHECK_EQUAL(effective_priority(job_to("a.mp4", "archive")), 9u);
  CAF_CHECK_EQUAL(effective_priority(job_to("a.mp4")), 5u);
  auto spec = job_to("a.mp4", "archive");
  spec.priority = 2;
  CAF_CHECK_EQUAL(effective_priority(spec), 2u);
}
