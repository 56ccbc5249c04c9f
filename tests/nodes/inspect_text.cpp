#define CAF_SUITE inspect_text

#include "nodes/inspect_text.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

media_info film() {
  media_info media;
  media.format = "matroska,webm";
  media.format_name = "Matroska / WebM";
  media.size_bytes = 12'258'225;
  media.duration_s = 120.32;
  media.bit_rate = 815'000;
  media.tags = {{"title", "A film"}};
  stream_info video;
  video.kind = stream_kind::video;
  video.codec = "h264";
  video.profile = "High";
  video.decodable = true;
  video.width = 854;
  video.height = 480;
  video.sample_aspect = {1, 1};
  video.frame_rate = {24, 1};
  video.constant_rate = true;
  video.pixel_format = "yuv420p";
  video.bit_depth = 8;
  video.color.matrix = "bt709";
  video.color.range = "tv";
  video.time_base = {1, 1000};
  video.duration_s = 120.32;
  stream_info audio;
  audio.index = 1;
  audio.kind = stream_kind::audio;
  audio.codec = "aac";
  audio.decodable = true;
  audio.sample_rate = 48000;
  audio.channels = 6;
  audio.channel_layout = "5.1";
  audio.time_base = {1, 1000};
  audio.tags = {{"language", "fin"}};
  audio.dispositions = {"default"};
  media.streams = {video, audio};
  media.chapters = {{0, 60, {{"title", "One"}}}};
  return media;
}

} // namespace

CAF_TEST(a film is a block of lines for itself and each stream) {
  CAF_CHECK_EQUAL(inspect_text("film.mkv", film(), true),
                  "film.mkv\n"
                  "  format    Matroska / WebM (matroska,webm)\n"
                  "  size      12.3 MB (12,258,225 bytes)\n"
                  "  duration  2:00.320\n"
                  "  bit rate  815.0 kb/s\n"
                  "  title     A film\n"
                  "\n"
                  "#0 video\n"
                  "  codec    h264 (High)\n"
                  "  picture  854x480, SAR 1:1, DAR 427:240, 24 fps constant\n"
                  "  pixels   yuv420p, 8 bit\n"
                  "  color    matrix bt709, limited range\n"
                  "  time     2:00.320, time base 1/1000\n"
                  "\n"
                  "#1 audio\n"
                  "  codec     aac\n"
                  "  sound     48000 Hz, 5.1, 6 channels\n"
                  "  time      time base 1/1000\n"
                  "  language  fin\n"
                  "  is        default\n"
                  "\n"
                  "chapters\n"
                  "  0:00.000  1:00.000  One\n");
}

CAF_TEST(nothing in a file can speak to the terminal) {
  auto media = film();
  auto evil = std::string{"\x1b]0;owned\x07\n\xff"};
  media.tags = {{evil, evil}};
  media.format = media.format_name = evil;
  media.warnings = {evil};
  media.chapters[0].tags = {{"title", evil}};
  for (auto& stream : media.streams) {
    stream.codec = stream.profile = stream.pixel_format = evil;
    stream.channel_layout = stream.color.primaries = evil;
    stream.tags = {{"title", evil}, {"language", evil}, {evil, evil}};
    stream.side_data = stream.dispositions = {evil};
  }
  auto text = inspect_text("caf\xe9\x1b.mkv", media, true);
  for (auto bad : {'\x1b', '\x07', '\xff', '\xe9'})
    CAF_CHECK(text.find(bad) == std::string::npos);
  CAF_CHECK(text.find("\nowned") == std::string::npos);
}

CAF_TEST(HDR and rotation are told) {
  auto media = film();
  auto& video = media.streams[0];
  video.hdr.has_light_level = true;
  video.hdr.max_cll = 1000;
  video.hdr.max_fall = 400;
  video.dolby_vision = true;
  video.turn = orientation::rotate_90;
  video.field_order = "tff";
  auto text = inspect_text("x", media, true);
  CAF_CHECK(text.find("content light level 1000,400, Dolby Vision")
            != std::string::npos);
  CAF_CHECK(text.find("interlaced, top field first, turned by 90 degrees")
            != std::string::npos);
}
