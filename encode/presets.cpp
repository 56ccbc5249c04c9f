#include "encode/presets.hpp"

#include <algorithm>

namespace troupe {

const std::vector<preset>& presets() {
  static const std::vector<preset> all{
      {.name = "standard",
       .summary = "H.264 in MP4, up to 1080p: plays everywhere",
       .codec = "h264",
       .container = "mp4",
       .audio_codec = "aac",
       .audio_bit_rate = 160'000,
       .priority = 5,
       .crf = 21,
       .speed = "medium",
       .box_width = 1920,
       .box_height = 1080,
       .universal = true},
      {.name = "high_quality",
       .summary = "ProRes 422 HQ in MOV with PCM sound: for editing",
       .codec = "prores",
       .container = "mov",
       .audio_codec = "pcm",
       .priority = 1},
      {.name = "web",
       .summary = "VP9 and Opus in WebM, up to 720p: for browsers",
       .codec = "vp9",
       .container = "webm",
       .audio_codec = "opus",
       .audio_bit_rate = 128'000,
       .priority = 7,
       .crf = 32,
       .speed = "2",
       .box_width = 1280,
       .box_height = 720,
       .universal = true},
      {.name = "archive",
       .summary = "HEVC in MP4 at the source's size, depth and HDR; sound kept",
       .codec = "hevc",
       .container = "mp4",
       .audio_bit_rate = 192'000,
       .priority = 9,
       .crf = 20,
       .speed = "medium"},
      {.name = "social",
       .summary = "H.264 in MP4, a 1080x1920 frame with blurred background",
       .codec = "h264",
       .container = "mp4",
       .audio_codec = "aac",
       .audio_bit_rate = 128'000,
       .priority = 3,
       .crf = 21,
       .speed = "medium",
       .box_width = 1080,
       .box_height = 1920,
       .fixed_frame = true,
       .universal = true},
      {.name = "web_av1",
       .summary = "AV1 and Opus in WebM, up to 1080p, depth and HDR kept",
       .codec = "av1",
       .container = "webm",
       .audio_codec = "opus",
       .audio_bit_rate = 128'000,
       .priority = 7,
       .crf = 32,
       .speed = "8",
       .box_width = 1920,
       .box_height = 1080},
  };
  return all;
}

const preset* find_preset(std::string_view name) {
  const auto& all = presets();
  auto found = std::ranges::find(all, name, &preset::name);
  return found == all.end() ? nullptr : &*found;
}

} // namespace troupe
