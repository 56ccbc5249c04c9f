#define CAF_SUITE sound

#include "encode/sound.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

job_spec with_audio(const std::string& output, const std::string& codec,
                    int64_t bit_rate = 0) {
  auto result = job_to(output);
  result.what.audio_codec = codec;
  result.what.audio_bit_rate = bit_rate;
  return result;
}

/// "copy", "dropped", or how the stream after a picture is encoded.
std::string sound_of(const job_spec& spec, const stream_info& stream,
                     encode_plan* whole = nullptr) {
  auto made = plan(spec, {video_stream(), stream});
  if (!made)
    return std::string{to_string(made.error().code)};
  if (whole)
    *whole = *made;
  auto found = planned(made->outputs.front(), 1);
  if (!found)
    return "dropped";
  if (found->action == stream_action::copy)
    return "copy";
  auto& x = found->audio;
  return x.encoder + " " + x.channel_layout + " "
         + std::to_string(x.sample_rate) + " " + std::to_string(x.bit_rate);
}

stream_info sound(const std::string& codec, uint32_t channels,
                  const std::string& layout, uint32_t rate = 48000) {
  auto result = audio_stream(codec, channels);
  result.channel_layout = layout;
  result.sample_rate = rate;
  return result;
}

} // namespace

CAF_TEST(without a word sound is copied where the container takes it) {
  CAF_CHECK_EQUAL(sound_of(job_to("a.mp4"), audio_stream("opus")), "copy");
  CAF_CHECK_EQUAL(sound_of(job_to("a.mov"), audio_stream("pcm_s16be")), "copy");
  CAF_CHECK_EQUAL(sound_of(job_to("a.mkv"), audio_stream("dts", 6)), "copy");
  CAF_CHECK_EQUAL(sound_of(job_to("a.mp4", "archive"), audio_stream("flac")),
                  "copy");
}

CAF_TEST(without a word sound becomes what the container is known for) {
  CAF_CHECK_EQUAL(sound_of(job_to("a.mp4"), audio_stream("vorbis")),
                  "aac stereo 48000 128000");
  CAF_CHECK_EQUAL(sound_of(job_to("a.mov"), audio_stream("opus")),
                  "aac stereo 48000 128000");
  CAF_CHECK_EQUAL(sound_of(job_to("a.webm"), audio_stream("aac")),
                  "libopus stereo 48000 128000");
  CAF_CHECK_EQUAL(sound_of(job_to("a.mkv"), audio_stream("wmav1")),
                  "libopus stereo 48000 128000");
  CAF_CHECK_EQUAL(sound_of(job_to("a.wav"), audio_stream("aac")),
                  "pcm_s24le stereo 48000 0");
}

CAF_TEST(a presets codec is encoded to unless the sound has it) {
  CAF_CHECK_EQUAL(sound_of(job_to("a.mp4", "standard"), audio_stream("aac")),
                  "copy");
  CAF_CHECK_EQUAL(sound_of(job_to("a.mp4", "standard"), audio_stream("mp3")),
                  "aac stereo 48000 160000");
  CAF_CHECK_EQUAL(sound_of(job_to("a.webm", "web"), audio_stream("vorbis")),
                  "libopus stereo 48000 128000");
  CAF_CHECK_EQUAL(
      sound_of(job_to("a.mov", "high_quality"), audio_stream("aac")),
      "pcm_s24le stereo 48000 0");
  CAF_CHECK_EQUAL(
      sound_of(job_to("a.mov", "high_quality"), audio_stream("pcm_s24be")),
      "copy");
}

CAF_TEST(a bit rate is a wish that no copy fulfils) {
  CAF_CHECK_EQUAL(sound_of(with_audio("a.mp4", "", 96'000), audio_stream()),
                  "aac stereo 48000 96000");
  CAF_CHECK_EQUAL(sound_of(with_audio("a.mp4", "aac", 96'000), audio_stream()),
                  "aac stereo 48000 96000");
  CAF_CHECK_EQUAL(sound_of(with_audio("a.mp4", "aac"), audio_stream()), "copy");
}

CAF_TEST(bit rates follow the channels) {
  auto spec = job_to("a.mp4", "standard");
  CAF_CHECK_EQUAL(sound_of(spec, sound("ac3", 6, "5.1")),
                  "aac 5.1 48000 480000");
  CAF_CHECK_EQUAL(sound_of(spec, sound("mp3", 1, "mono")),
                  "aac mono 48000 80000");
}

CAF_TEST(low sample rates need fewer bits) {
  CAF_CHECK_EQUAL(
      sound_of(with_audio("a.mkv", "aac"), sound("mp3", 1, "mono", 8000)),
      "aac mono 8000 16000");
}

CAF_TEST(the next sample rate that the encoder knows is taken) {
  auto with_rate = [](const char* codec, uint32_t rate) {
    return sound_of(with_audio("a.mkv", codec),
                    sound("wmav2", 2, "stereo", rate));
  };
  CAF_CHECK(contains(with_rate("aac", 44100), " 44100 "));
  CAF_CHECK(contains(with_rate("aac", 96000), " 96000 "));
  CAF_CHECK(contains(with_rate("aac", 37800), " 44100 "));
  CAF_CHECK(contains(with_rate("aac", 192000), " 96000 "));
  CAF_CHECK(contains(with_rate("opus", 44100), " 48000 "));
  CAF_CHECK(contains(with_rate("mp3", 96000), " 48000 "));
  CAF_CHECK(contains(with_rate("vorbis", 96000), " 48000 "));
  CAF_CHECK(contains(with_rate("flac", 192000), " 192000 "));
  CAF_CHECK(contains(with_rate("pcm", 37800), " 37800 "));
}

CAF_TEST(layouts become those that the encoder knows) {
  auto with_layout = [](const char* codec, uint32_t channels,
                        const char* layout) {
    auto text =
        sound_of(with_audio("a.mkv", codec), sound("truehd", channels, layout));
    auto space = text.find(' ');
    return text.substr(space + 1, text.find(' ', space + 1) - space - 1);
  };
  CAF_CHECK_EQUAL(with_layout("aac", 6, "5.1(side)"), "5.1");
  CAF_CHECK_EQUAL(with_layout("opus", 6, "5.1(side)"), "5.1");
  CAF_CHECK_EQUAL(with_layout("flac", 6, "5.1(side)"), "5.1(side)");
  CAF_CHECK_EQUAL(with_layout("opus", 3, "2.1"), "5.1");
  CAF_CHECK_EQUAL(with_layout("opus", 4, "4.0"), "5.0");
  CAF_CHECK_EQUAL(with_layout("aac", 7, "6.1"), "7.1");
  CAF_CHECK_EQUAL(with_layout("opus", 8, "7.1(wide)"), "7.1");
  CAF_CHECK_EQUAL(with_layout("pcm", 8, "octagonal"), "octagonal");
  CAF_CHECK_EQUAL(with_layout("mp3", 6, "5.1"), "stereo");
  CAF_CHECK_EQUAL(with_layout("aac", 16, "hexadecagonal"), "7.1");
}

CAF_TEST(channels without names are the usual ones) {
  auto with_channels = [](uint32_t channels, const char* layout) {
    return sound_of(with_audio("a.mkv", "aac"),
                    sound("truehd", channels, layout));
  };
  CAF_CHECK(contains(with_channels(1, ""), "aac mono "));
  CAF_CHECK(contains(with_channels(2, "2 channels"), "aac stereo "));
  CAF_CHECK(contains(with_channels(6, ""), "aac 5.1 "));
  CAF_CHECK(contains(with_channels(8, "8 channels"), "aac 7.1 "));
}

CAF_TEST(sixteen channels without names cannot be mixed) {
  encode_plan whole;
  CAF_CHECK_EQUAL(sound_of(with_audio("a.mkv", "aac"),
                           sound("truehd", 16, "16 channels"), &whole),
                  "dropped");
  CAF_CHECK(has_line(whole.dropped, "16 channels"));
}

CAF_TEST(mixing down is said) {
  encode_plan whole;
  sound_of(with_audio("a.mkv", "mp3"), sound("ac3", 6, "5.1(side)"), &whole);
  CAF_CHECK(has_line(whole.warnings, "mixed down to stereo"));
  sound_of(with_audio("a.mkv", "opus"), sound("ac3", 6, "5.1(side)"), &whole);
  CAF_CHECK(!has_line(whole.warnings, "mixed down"));
}

CAF_TEST(bit rates that an encoder refuses are moved and this said) {
  encode_plan whole;
  auto text = sound_of(with_audio("a.mkv", "vorbis", 500'000),
                       sound("mp3", 1, "mono", 8000), &whole);
  CAF_CHECK_EQUAL(text, "libvorbis mono 8000 28800");
  CAF_CHECK(has_line(whole.warnings, "500000"));
  text = sound_of(with_audio("a.mkv", "opus", 4'000'000), audio_stream("aac"));
  CAF_CHECK_EQUAL(text, "libopus stereo 48000 508800");
}

CAF_TEST(lossless formats keep the depth) {
  auto format = [](const char* codec, uint32_t bits) {
    auto stream = audio_stream("alac");
    stream.bits_per_sample = bits;
    auto made = plan(with_audio("a.mkv", codec), {stream});
    CAF_REQUIRE(static_cast<bool>(made));
    auto& x = made->outputs.front().streams.front().audio;
    return x.encoder + " " + x.sample_format;
  };
  CAF_CHECK_EQUAL(format("pcm", 16), "pcm_s16le s16");
  CAF_CHECK_EQUAL(format("pcm", 24), "pcm_s24le s32");
  CAF_CHECK_EQUAL(format("pcm", 0), "pcm_s24le s32");
  CAF_CHECK_EQUAL(format("flac", 16), "flac s16");
  CAF_CHECK_EQUAL(format("flac", 24), "flac s32");
  CAF_CHECK_EQUAL(format("flac", 0), "flac s16");
}

CAF_TEST(a copy that the container cannot hold is refused) {
  auto spec = with_audio("a.webm", "copy");
  auto made = plan(spec, {video_stream(), audio_stream("aac")});
  CAF_REQUIRE(!made);
  CAF_CHECK(made.error().code == ec::impossible_job);
  CAF_CHECK(contains(made.error().subject, "audio stream 1 (aac)"));
  CAF_CHECK(contains(made.error().advice, "mp4"));
}

CAF_TEST(of further streams only those that can be copied are) {
  auto made = plan(with_audio("a.webm", "copy"),
                   {video_stream(), audio_stream("opus"), audio_stream("aac")});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_CHECK(planned(made->outputs.front(), 1) != nullptr);
  CAF_CHECK(planned(made->outputs.front(), 2) == nullptr);
  CAF_CHECK(has_line(made->dropped, "audio stream 2 (aac)"));
}

CAF_TEST(all sound streams are kept where the container takes several) {
  auto made = plan(job_to("a.mp4", "standard"),
                   {audio_stream("aac"), video_stream(), audio_stream("ac3", 6),
                    audio_stream("mp3")});
  CAF_REQUIRE(static_cast<bool>(made));
  auto& streams = made->outputs.front().streams;
  CAF_REQUIRE_EQUAL(streams.size(), 4u);
  // The picture first, then sound in the source's order.
  CAF_CHECK_EQUAL(streams[0].source, 1u);
  CAF_CHECK_EQUAL(streams[1].source, 0u);
  CAF_CHECK_EQUAL(streams[2].source, 2u);
  CAF_CHECK_EQUAL(streams[3].source, 3u);
}

CAF_TEST(a container for one stream gets the best) {
  auto media = media_of({audio_stream("aac"), audio_stream("ac3", 6)});
  media.best_audio = 1;
  auto made = make_plan(job_to("a.mp3"), media, {});
  CAF_REQUIRE(static_cast<bool>(made));
  CAF_REQUIRE_EQUAL(made->outputs.front().streams.size(), 1u);
  CAF_CHECK_EQUAL(made->outputs.front().streams.front().source, 1u);
  CAF_CHECK(has_line(made->dropped, "audio stream 0 (aac): mp3 holds one"));
}

CAF_TEST(sound that nobody can decode is listed) {
  auto stream = audio_stream("wmavoice");
  stream.decodable = false;
  encode_plan whole;
  CAF_CHECK_EQUAL(sound_of(job_to("a.mp4"), stream, &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped, "can't be decoded"));
}

CAF_TEST(sound without parameters is not copied) {
  auto stream = audio_stream("aac");
  stream.sample_rate = stream.channels = 0;
  stream.decodable = false;
  CAF_CHECK_EQUAL(sound_of(job_to("a.mp4"), stream), "dropped");
}

CAF_TEST(none leaves the sound out without a word) {
  encode_plan whole;
  CAF_CHECK_EQUAL(sound_of(with_audio("a.mp4", "none"), audio_stream(), &whole),
                  "dropped");
  CAF_CHECK(whole.dropped.empty());
}
