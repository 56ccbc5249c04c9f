#define CAF_SUITE sample_aligner

#include <caf/test/unit_test.hpp>

#include "encode/session/audio_chain.hpp"

using namespace troupe::session;

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace {

constexpr int rate = 48000;
constexpr int frame_size = 1000;

struct fixture {
  codec_ptr encoder{avcodec_alloc_context3(nullptr)};
  std::unique_ptr<sample_aligner> aut;

  fixture() {
    encoder->sample_fmt = AV_SAMPLE_FMT_S16;
    encoder->sample_rate = rate;
    encoder->frame_size = frame_size;
    av_channel_layout_default(&encoder->ch_layout, 1);
    start(sample_aligner::source_clock::steady);
  }

  ~fixture() { aut.reset(); }

  void start(sample_aligner::source_clock clock) {
    aut = std::make_unique<sample_aligner>(*encoder, clock);
  }

  /// Sound of one value, so that silence shows.
  static frame_ptr sound(int64_t pts, int count) {
    auto frame = make_frame();
    frame->format = AV_SAMPLE_FMT_S16;
    frame->nb_samples = count;
    frame->sample_rate = rate;
    av_channel_layout_default(&frame->ch_layout, 1);
    av_frame_get_buffer(frame.get(), 0);
    std::fill_n(reinterpret_cast<int16_t*>(frame->data[0]), count, 7);
    frame->pts = pts;
    return frame;
  }

  /// All samples that come out for these frames, flushed.
  std::vector<int16_t> samples_of(std::vector<frame_ptr> frames) {
    std::vector<int16_t> result;
    auto take = [&](bool flushing) {
      while (auto frame = aut->pop(flushing)) {
        auto data = reinterpret_cast<int16_t*>(frame->data[0]);
        result.insert(result.end(), data, data + frame->nb_samples);
        last_pts = frame->pts;
      }
    };
    for (auto& frame : frames) {
      aut->push(*frame);
      take(false);
    }
    take(true);
    return result;
  }

  int64_t last_pts = 0;
};

std::vector<frame_ptr> list(frame_ptr first, frame_ptr second) {
  std::vector<frame_ptr> result;
  result.push_back(std::move(first));
  result.push_back(std::move(second));
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(sample_aligner_tests, fixture)

CAF_TEST(sound is cut to frames of the encoder and the last one is shorter) {
  auto samples = samples_of(list(sound(0, 1500), sound(1500, 1000)));
  CAF_CHECK_EQUAL(samples.size(), 2500u);
  CAF_CHECK_EQUAL(last_pts, 2000);
}

CAF_TEST(the first timestamp is kept) {
  samples_of(list(sound(4800, 500), sound(5300, 500)));
  CAF_CHECK_EQUAL(last_pts, 4800);
}

CAF_TEST(missing sound becomes silence of the same length) {
  auto samples = samples_of(list(sound(0, 1000), sound(5000, 1000)));
  CAF_REQUIRE_EQUAL(samples.size(), 6000u);
  CAF_CHECK_EQUAL(samples[999], 7);
  CAF_CHECK_EQUAL(samples[1000], 0);
  CAF_CHECK_EQUAL(samples[4999], 0);
  CAF_CHECK_EQUAL(samples[5000], 7);
}

CAF_TEST(sound that comes twice is left out once) {
  auto samples = samples_of(list(sound(0, 3000), sound(1000, 3000)));
  CAF_CHECK_EQUAL(samples.size(), 4000u);
}

CAF_TEST(the rounding of container clocks changes no sample) {
  auto samples = samples_of(list(sound(0, 1000), sound(1048, 1000)));
  CAF_CHECK_EQUAL(samples.size(), 2000u);
}

CAF_TEST(rounding does not add up over time) {
  std::vector<frame_ptr> frames;
  for (int i = 0; i < 200; ++i)
    frames.push_back(sound(i * 1024 + (i % 3 - 1) * 40, 1024));
  CAF_CHECK_EQUAL(samples_of(std::move(frames)).size(), 200u * 1024);
}

CAF_TEST(blocks of a loose clock that step to and fro change no sample) {
  start(sample_aligner::source_clock::loose);
  std::vector<frame_ptr> frames;
  for (int i = 0; i < 100; ++i)
    frames.push_back(sound(i * 1000 + (i / 20 % 2) * 960, 1000));
  CAF_CHECK_EQUAL(samples_of(std::move(frames)).size(), 100u * 1000);
}

CAF_TEST(a small offset that stays is an offset) {
  std::vector<frame_ptr> frames;
  for (int i = 0; i < 40; ++i)
    frames.push_back(sound(i * 1000 + (i < 10 ? 0 : 480), 1000));
  CAF_CHECK_EQUAL(samples_of(std::move(frames)).size(), 40u * 1000 + 480);
}

CAF_TEST(a clock that jumps by days makes no silence) {
  auto samples =
      samples_of(list(sound(0, 1000), sound(int64_t{rate} * 86400, 1000)));
  CAF_CHECK_EQUAL(samples.size(), 2000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
