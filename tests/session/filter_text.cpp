#define CAF_SUITE filter_text

#include "encode/session/filter_text.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::session;

namespace {

struct fixture {
  picture_shape source{1920, 1080, {1, 1}, false, 8, "420"};
  video_encode output;

  fixture() {
    output.width = 1920;
    output.height = 1080;
    output.pixel_format = "yuv420p";
  }

  static filter_step step(filter_kind kind, uint32_t width = 0,
                          uint32_t height = 0) {
    filter_step result;
    result.kind = kind;
    result.width = width;
    result.height = height;
    return result;
  }

  std::string text(std::vector<filter_step> common = {}) {
    return filter_text(source, 1920, 1080, common, {&output});
  }

  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(filter_text_tests, fixture)

CAF_TEST(without steps the picture only gets its format) {
  CAF_CHECK_EQUAL(text(), "[in]null,format=yuv420p[out0]");
}

CAF_TEST(steps appear in the order of the plan) {
  output.width = 1280;
  output.height = 720;
  output.steps = {step(filter_kind::deinterlace),
                  step(filter_kind::scale, 1280, 720)};
  CAF_CHECK_EQUAL(text(),
                  "[in]null,bwdif=mode=send_frame:deint=all,"
                  "scale=w=1280:h=720:flags=bicubic,format=yuv420p[out0]");
}

CAF_TEST(several outputs share one split) {
  auto other = output;
  other.width = 640;
  other.height = 360;
  other.steps = {step(filter_kind::scale, 640, 360)};
  auto result = filter_text(source, 1920, 1080, {}, {&output, &other});
  CAF_CHECK_EQUAL(result, "[in]null,split=2[s0][s1];[s0]format=yuv420p[out0];"
                          "[s1]scale=w=640:h=360:flags=bicubic,"
                          "format=yuv420p[out1]");
}

CAF_TEST(a picture that changed its size is scaled back to the planned one) {
  source.width = 960;
  source.height = 540;
  CAF_CHECK(contains(text(), "[in]scale=w=1920:h=1080"));
}

CAF_TEST(a quarter turn swaps width and height for what follows) {
  auto turn = step(filter_kind::orient);
  turn.turn = orientation::rotate_90;
  output.steps = {turn};
  output.width = 1080;
  output.height = 1920;
  CAF_CHECK_EQUAL(text(), "[in]null,transpose=clock,format=yuv420p[out0]");
}

CAF_TEST(words of a plan that are not known never reach the graph) {
  auto color = step(filter_kind::to_bt709);
  color.from = {"evil,movie=/etc/passwd", "smpte170m", "x:y", "pc[z]", ""};
  output.steps = {color};
  auto result = text();
  CAF_CHECK(!contains(result, "evil"));
  CAF_CHECK(!contains(result, "x:y"));
  CAF_CHECK(!contains(result, "[z]"));
}

CAF_TEST(high dynamic range goes through linear light) {
  auto color = step(filter_kind::tone_map);
  color.from = {"bt2020", "arib-std-b67", "bt2020nc", "tv", "left"};
  output.steps = {color};
  auto result = text();
  CAF_CHECK(contains(result, "zscale=tin=arib-std-b67:pin=bt2020"));
  CAF_CHECK(contains(result, "tonemap=tonemap=hable"));
}

CAF_TEST(standard definition colours are converted with their primaries) {
  auto color = step(filter_kind::to_bt709);
  color.from = {"smpte170m", "smpte170m", "smpte170m", "tv", "left"};
  output.steps = {color};
  CAF_CHECK(contains(text(), "colorspace=all=bt709:range=tv:ispace=smpte170m:"
                             "iprimaries=smpte170m:itrc=smpte170m:irange=tv"));
}

CAF_TEST(the blurred background fills the frame whatever the shape) {
  output.steps = {step(filter_kind::blurred_background, 1080, 1920)};
  output.width = 1080;
  output.height = 1920;
  auto result = text();
  CAF_CHECK(contains(result, "scale=w=1080:h=608"));
  CAF_CHECK(contains(result, "overlay="));
  CAF_CHECK(contains(result, "[b0fitted]"));
}

CAF_TEST(anamorphic pictures are fitted by how they look) {
  source = {1440, 1080, {4, 3}, false, 8, "420"};
  output.steps = {step(filter_kind::blurred_background, 1080, 1920)};
  output.width = 1080;
  output.height = 1920;
  CAF_CHECK(contains(filter_text(source, 1440, 1080, {}, {&output}),
                     "scale=w=1080:h=608"));
}

CAF_TEST_FIXTURE_SCOPE_END()
