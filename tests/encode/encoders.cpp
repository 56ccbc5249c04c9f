#define CAF_SUITE encoders

#include "encode/encoders.hpp"

#include <set>

#include <caf/test/unit_test.hpp>

#include "encode/containers.hpp"
#include "encode/pixel_format.hpp"
#include "encode/quality.hpp"
#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

operation with_crf(double crf) {
  operation result;
  result.has_crf = true;
  result.crf = crf;
  return result;
}

operation with_speed(const std::string& speed) {
  operation result;
  result.speed = speed;
  return result;
}

} // namespace

CAF_TEST(every encoder of the table is whole) {
  std::set<std::string_view> names;
  for (const auto& encoder : video_encoders()) {
    CAF_CHECK(names.insert(encoder.name).second);
    CAF_CHECK(!encoder.codec.empty());
    CAF_CHECK(!encoder.pixel_formats.empty());
    CAF_CHECK(encoder.max_threads >= 1);
    CAF_CHECK(encoder.quality_option.empty()
              || (encoder.default_quality >= encoder.min_quality
                  && encoder.default_quality <= encoder.max_quality));
    CAF_CHECK(encoder.speed_option.empty()
              || holds(encoder.speeds, encoder.default_speed));
  }
  for (const auto& encoder : audio_encoders()) {
    CAF_CHECK(encoder.lossless || encoder.bit_rate_per_channel > 0);
    CAF_CHECK(std::is_sorted(encoder.sample_rates.begin(),
                             encoder.sample_rates.end()));
  }
}

CAF_TEST(svt comes first for av1 and hardware last for h264) {
  CAF_CHECK_EQUAL(std::string{encoders_of("av1").front()->name}, "libsvtav1");
  CAF_CHECK(!encoders_of("h264").front()->hardware);
  CAF_CHECK(encoders_of("h264").back()->hardware);
  CAF_CHECK(encoders_of("none").empty());
  CAF_CHECK(find_video_encoder("libx266") == nullptr);
  CAF_CHECK(find_audio_encoder("speex") == nullptr);
}

CAF_TEST(a quality off the scale is refused with the scale) {
  auto x264 = find_video_encoder("libx264");
  CAF_CHECK(!refuses(*x264, with_crf(18.5)));
  CAF_CHECK(!refuses(*x264, with_crf(0)));
  auto refused = refuses(*x264, with_crf(52));
  CAF_REQUIRE(refused.has_value());
  CAF_CHECK(refused->code == ec::usage);
  CAF_CHECK_EQUAL(refused->advice, "it takes 0 to 51");
  CAF_CHECK(refuses(*x264, with_crf(std::nan(""))).has_value());
  CAF_CHECK(refuses(*x264, with_crf(-1)).has_value());
  auto huge = refuses(*x264, with_crf(1e29));
  CAF_CHECK_EQUAL(huge->cause, "1e+29 isn't on the scale of libx264");
  huge = refuses(*x264, with_crf(-1e29));
  CAF_CHECK_EQUAL(huge->cause, "-1e+29 isn't on the scale of libx264");
}

CAF_TEST(encoders with whole qualities refuse fractions) {
  auto vp9 = find_video_encoder("libvpx-vp9");
  CAF_CHECK(!refuses(*vp9, with_crf(32)));
  CAF_CHECK(refuses(*vp9, with_crf(32.5)).has_value());
  CAF_CHECK(refuses(*find_video_encoder("libsvtav1"), with_crf(0)).has_value());
}

CAF_TEST(an encoder without a scale refuses quality and bit rate) {
  auto prores = find_video_encoder("prores_ks");
  CAF_CHECK(refuses(*prores, with_crf(20)).has_value());
  operation rate;
  rate.bit_rate = 1'000'000;
  CAF_CHECK(refuses(*prores, rate).has_value());
  CAF_CHECK(refuses(*prores, with_speed("fast")).has_value());
  CAF_CHECK(!refuses(*prores, {}));
}

CAF_TEST(an unknown speed is refused with those that are known) {
  auto refused = refuses(*find_video_encoder("libx264"), with_speed("warp"));
  CAF_REQUIRE(refused.has_value());
  CAF_CHECK(contains(refused->advice, "ultrafast"));
  CAF_CHECK(contains(refused->advice, "placebo"));
  CAF_CHECK(!refuses(*find_video_encoder("libsvtav1"), with_speed("13")));
  CAF_CHECK(refuses(*find_video_encoder("libaom-av1"), with_speed("9")));
}

CAF_TEST(options say quality and speed or the defaults) {
  auto x264 = find_video_encoder("libx264");
  auto options = encoder_options(*x264, {}, {});
  CAF_CHECK_EQUAL(value_of(options, "crf"), "21");
  CAF_CHECK_EQUAL(value_of(options, "preset"), "medium");
  auto asked = with_crf(18.5);
  asked.speed = "veryfast";
  options = encoder_options(*x264, asked, {});
  CAF_CHECK_EQUAL(value_of(options, "crf"), "18.5");
  CAF_CHECK_EQUAL(value_of(options, "preset"), "veryfast");
}

CAF_TEST(a bit rate takes the place of the quality) {
  operation asked;
  asked.bit_rate = 500'000;
  for (auto name : {"libx264", "libvpx-vp9", "mpeg4"}) {
    auto options = encoder_options(*find_video_encoder(name), asked, {});
    CAF_CHECK_EQUAL(value_of(options, "crf"), "");
    CAF_CHECK_EQUAL(value_of(options, "flags"), "");
    CAF_CHECK_EQUAL(value_of(options, "global_quality"), "");
  }
}

CAF_TEST(mpeg4 gets its quality in libavs lambda) {
  auto options = encoder_options(*find_video_encoder("mpeg4"), with_crf(3), {});
  CAF_CHECK_EQUAL(value_of(options, "global_quality"), "354");
  CAF_CHECK_EQUAL(value_of(options, "flags"), "+qscale");
}

CAF_TEST(x265 is told every thread so that machines agree) {
  auto x265 = find_video_encoder("libx265");
  auto params = value_of(encoder_options(*x265, {}, {8, "yuv420p", nullptr}),
                         "x265-params");
  CAF_CHECK_EQUAL(params, "pools=8:frame-threads=3:log-level=error:info=0");
  params = value_of(encoder_options(*x265, {}, {1, "yuv420p", nullptr}),
                    "x265-params");
  CAF_CHECK(contains(params, "pools=1:frame-threads=1"));
}

CAF_TEST(x265 gets the mastering display in units of its standard) {
  auto stream = hdr10_stream();
  auto params = value_of(encoder_options(*find_video_encoder("libx265"), {},
                                         {2, "yuv420p10le", &stream.hdr}),
                         "x265-params");
  CAF_CHECK(contains(params, "master-display=G(13250,34500)B(7500,3000)"
                             "R(34000,16000)WP(15635,16450)L(10000000,50)"));
  CAF_CHECK(contains(params, "max-cll=1000,400"));
  CAF_CHECK(contains(params, "hdr10=1"));
}

CAF_TEST(svt gets the mastering display in decimals) {
  auto stream = hdr10_stream();
  auto params = value_of(encoder_options(*find_video_encoder("libsvtav1"), {},
                                         {2, "yuv420p10le", &stream.hdr}),
                         "svtav1-params");
  CAF_CHECK_EQUAL(params, "lp=2:mastering-display=G(0.265000,0.690000)"
                          "B(0.150000,0.060000)R(0.680000,0.320000)"
                          "WP(0.312700,0.329000)L(1000.000000,0.005000)"
                          ":content-light=1000,400");
}

CAF_TEST(mastering data that no display has is left out) {
  auto stream = hdr10_stream();
  stream.hdr.max_luminance = std::numeric_limits<double>::infinity();
  stream.hdr.has_light_level = false;
  for (auto name : {"libx265", "libsvtav1"}) {
    auto options = encoder_options(*find_video_encoder(name), {},
                                   {2, "yuv420p10le", &stream.hdr});
    for (const auto& entry : options)
      CAF_CHECK(!contains(entry.value, "display"));
  }
  stream.hdr.primaries.pop_back();
  stream.hdr.max_luminance = 1000;
  auto options = encoder_options(*find_video_encoder("libx265"), {},
                                 {2, "yuv420p10le", &stream.hdr});
  CAF_CHECK(!contains(value_of(options, "x265-params"), "display"));
}

CAF_TEST(svt with a bit rate runs in one thread to be the same every time) {
  operation asked;
  asked.bit_rate = 500'000;
  auto options = encoder_options(*find_video_encoder("libsvtav1"), asked,
                                 {8, "yuv420p", nullptr});
  CAF_CHECK_EQUAL(value_of(options, "svtav1-params"), "lp=1");
}

CAF_TEST(the nearest format keeps depth before chroma) {
  auto format = [](const char* encoder, const char* source, uint32_t depth) {
    auto stream = video_stream();
    stream.pixel_format = source;
    stream.bit_depth = depth;
    return nearest_format(*find_video_encoder(encoder), {}, stream);
  };
  CAF_CHECK_EQUAL(format("libx264", "yuv422p10le", 10), "yuv422p10le");
  CAF_CHECK_EQUAL(format("libx264", "yuv420p12le", 12), "yuv420p10le");
  CAF_CHECK_EQUAL(format("libx265", "yuv420p12le", 12), "yuv420p12le");
  CAF_CHECK_EQUAL(format("libx265", "yuv444p16le", 16), "yuv444p12le");
  CAF_CHECK_EQUAL(format("libx264", "p010le", 10), "yuv420p10le");
  CAF_CHECK_EQUAL(format("libx264", "nv12", 8), "yuv420p");
  CAF_CHECK_EQUAL(format("libx264", "uyvy422", 8), "yuv422p");
  CAF_CHECK_EQUAL(format("libx264", "yuv411p", 8), "yuv420p");
  CAF_CHECK_EQUAL(format("libx264", "gray", 8), "yuv420p");
  CAF_CHECK_EQUAL(format("libx264", "yuvj444p", 8), "yuvj444p");
  CAF_CHECK_EQUAL(format("libvpx-vp9", "yuvj420p", 8), "yuv420p");
  CAF_CHECK_EQUAL(format("libsvtav1", "yuv422p10le", 10), "yuv420p10le");
  CAF_CHECK_EQUAL(format("prores_ks", "yuv420p", 8), "yuv422p10le");
  CAF_CHECK_EQUAL(format("prores_ks", "yuv444p", 8), "yuv444p10le");
  CAF_CHECK_EQUAL(format("mpeg4", "yuv420p10le", 10), "yuv420p");
}

CAF_TEST(rgb becomes what players take and keeps alpha for editing) {
  auto stream = video_stream();
  stream.pixel_format = "argb";
  stream.rgb = stream.alpha = true;
  CAF_CHECK_EQUAL(nearest_format(*find_video_encoder("libx264"), {}, stream),
                  "yuv420p");
  CAF_CHECK_EQUAL(nearest_format(*find_video_encoder("prores_ks"), {}, stream),
                  "yuva444p10le");
}

CAF_TEST(only formats that the machine proved are chosen) {
  auto stream = video_stream();
  stream.pixel_format = "yuv420p10le";
  stream.bit_depth = 10;
  auto x264 = find_video_encoder("libx264");
  CAF_CHECK_EQUAL(nearest_format(*x264, {"yuv420p", "yuv422p"}, stream),
                  "yuv420p");
  // A list that has nothing of ours is no proof against us.
  CAF_CHECK_EQUAL(nearest_format(*x264, {"cuda"}, stream), "yuv420p10le");
}
