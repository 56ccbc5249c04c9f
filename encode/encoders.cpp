#include "encode/encoders.hpp"

#include <algorithm>
#include <cstddef>

namespace troupe {

namespace {

using words = std::vector<std::string_view>;

// Sizes, formats and speeds below were tried with libav 5.1 and the libraries
// of Debian 12: an entry that a library refuses costs a user his job.

const words x26x_speeds{"ultrafast", "superfast", "veryfast", "faster",
                        "fast",      "medium",    "slow",     "slower",
                        "veryslow",  "placebo"};

const words numbers{"0", "1", "2", "3",  "4",  "5",  "6",
                    "7", "8", "9", "10", "11", "12", "13"};

words up_to(size_t last) {
  return {numbers.begin(), numbers.begin() + static_cast<ptrdiff_t>(last) + 1};
}

video_encoder x264() {
  return {.name = "libx264",
          .codec = "h264",
          .quality_option = "crf",
          .default_quality = 21,
          .max_quality = 51,
          .speed_option = "preset",
          .default_speed = "medium",
          .speeds = x26x_speeds,
          .pixel_formats = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p",
                            "yuv444p", "yuvj444p", "yuv420p10le", "yuv422p10le",
                            "yuv444p10le"},
          .min_width = 1,
          .min_height = 1,
          .interlaced = true,
          .full_range = true,
          .captions = true,
          .max_threads = 64};
}

video_encoder x265() {
  return {.name = "libx265",
          .codec = "hevc",
          .quality_option = "crf",
          .default_quality = 23,
          .max_quality = 51,
          .speed_option = "preset",
          .default_speed = "medium",
          .speeds = x26x_speeds,
          .pixel_formats = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p",
                            "yuv444p", "yuvj444p", "yuv420p10le", "yuv422p10le",
                            "yuv444p10le", "yuv420p12le", "yuv422p12le",
                            "yuv444p12le"},
          .min_width = 16,
          .min_height = 16,
          .full_range = true,
          .max_threads = 64,
          .needs_warming = true};
}

video_encoder vp9() {
  return {.name = "libvpx-vp9",
          .codec = "vp9",
          .quality_option = "crf",
          .default_quality = 32,
          .max_quality = 63,
          .whole_quality = true,
          .speed_option = "cpu-used",
          .default_speed = "2",
          .speeds = up_to(8),
          .pixel_formats = {"yuv420p", "yuv422p", "yuv444p", "yuv420p10le",
                            "yuv422p10le", "yuv444p10le", "yuv420p12le",
                            "yuv422p12le", "yuv444p12le"},
          .min_width = 1,
          .min_height = 1,
          .even_size = false,
          .full_range = true,
          .gop_seconds = 5,
          // "good" gives the same bytes at any thread count; "realtime" with
          // row-mt doesn't.
          .options = {{"deadline", "good"}, {"row-mt", "1"}}};
}

video_encoder svt_av1() {
  return {.name = "libsvtav1",
          .codec = "av1",
          .quality_option = "crf",
          .default_quality = 32,
          .min_quality = 1, // 0 means "not set" to it
          .max_quality = 63,
          .whole_quality = true,
          .speed_option = "preset",
          .default_speed = "8",
          .speeds = up_to(13),
          .pixel_formats = {"yuv420p", "yuv420p10le"},
          .min_width = 64,
          .min_height = 64,
          .max_height = 8704,
          .full_range = true,
          .gop_seconds = 5,
          .max_threads = 64};
}

video_encoder aom_av1() {
  return {.name = "libaom-av1",
          .codec = "av1",
          .quality_option = "crf",
          .default_quality = 30,
          .max_quality = 63,
          .whole_quality = true,
          .speed_option = "cpu-used",
          .default_speed = "6",
          .speeds = up_to(8),
          .pixel_formats = {"yuv420p", "yuv422p", "yuv444p", "yuv420p10le",
                            "yuv422p10le", "yuv444p10le", "yuv420p12le",
                            "yuv422p12le", "yuv444p12le"},
          .min_width = 1,
          .min_height = 1,
          .even_size = false,
          .full_range = true,
          .gop_seconds = 5,
          .options = {{"row-mt", "1"}}};
}

video_encoder rav1e() {
  return {.name = "librav1e",
          .codec = "av1",
          .quality_option = "qp",
          .default_quality = 100,
          .max_quality = 255,
          .whole_quality = true,
          .speed_option = "speed",
          .default_speed = "8",
          .speeds = up_to(10),
          .pixel_formats = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p",
                            "yuv444p", "yuvj444p", "yuv420p10le", "yuv422p10le",
                            "yuv444p10le", "yuv420p12le", "yuv422p12le",
                            "yuv444p12le"},
          .min_width = 16,
          .min_height = 16,
          .even_size = false,
          .full_range = true,
          .gop_seconds = 5};
}

video_encoder prores() {
  return {.name = "prores_ks",
          .codec = "prores",
          .takes_bit_rate = false,
          .pixel_formats = {"yuv422p10le", "yuv444p10le", "yuva444p10le"},
          .min_width = 1,
          .min_height = 1,
          .even_size = false,
          .interlaced = true,
          // Final Cut Pro takes only files of this vendor as ProRes.
          .options = {{"vendor", "apl0"}}};
}

video_encoder mpeg4() {
  return {.name = "mpeg4",
          .codec = "mpeg4",
          .quality_option = "global_quality",
          .default_quality = 4,
          .min_quality = 1,
          .max_quality = 31,
          .quality_factor = 118,
          .pixel_formats = {"yuv420p"},
          .min_width = 1,
          .min_height = 1,
          .max_width = 8190,
          .max_height = 8190,
          .even_size = false,
          .interlaced = true,
          .quality_options = {{"flags", "+qscale"}}};
}

video_encoder gif() {
  return {.name = "gif",
          .codec = "gif",
          .takes_bit_rate = false,
          .pixel_formats = {"pal8"},
          .min_width = 1,
          .min_height = 1,
          .even_size = false,
          .max_threads = 1};
}

const words nvenc_speeds{"p1", "p2", "p3", "p4", "p5", "p6", "p7"};

const words qsv_speeds{"veryfast", "faster", "fast",    "medium",
                       "slow",     "slower", "veryslow"};

video_encoder nvenc(std::string_view name, std::string_view codec) {
  return {.name = name,
          .codec = codec,
          .hardware = true,
          .quality_option = "cq",
          .default_quality = 23,
          .min_quality = 1,
          .max_quality = 51,
          .speed_option = "preset",
          .default_speed = "p4",
          .speeds = nvenc_speeds,
          .pixel_formats = {"yuv420p", "yuv444p"},
          .min_width = 146,
          .min_height = 50,
          .max_width = 4096,
          .max_height = 4096,
          .max_threads = 1,
          .options = {{"rc", "vbr"}}};
}

video_encoder qsv(std::string_view name, std::string_view codec) {
  return {.name = name,
          .codec = codec,
          .hardware = true,
          .quality_option = "global_quality",
          .default_quality = 23,
          .min_quality = 1,
          .max_quality = 51,
          .whole_quality = true,
          .speed_option = "preset",
          .default_speed = "medium",
          .speeds = qsv_speeds,
          .pixel_formats = {"nv12"},
          .min_width = 16,
          .min_height = 16,
          .max_width = 4096,
          .max_height = 4096,
          .max_threads = 1};
}

video_encoder vaapi(std::string_view name, std::string_view codec) {
  return {.name = name,
          .codec = codec,
          .hardware = true,
          .quality_option = "qp",
          .default_quality = 23,
          .min_quality = 1,
          .max_quality = 51,
          .whole_quality = true,
          .pixel_formats = {"vaapi"},
          .min_width = 16,
          .min_height = 16,
          .max_width = 4096,
          .max_height = 4096,
          .max_threads = 1};
}

} // namespace

const std::vector<video_encoder>& video_encoders() {
  static const std::vector<video_encoder> all{
      x264(),
      x265(),
      vp9(),
      svt_av1(),
      aom_av1(),
      rav1e(),
      prores(),
      mpeg4(),
      gif(),
      nvenc("h264_nvenc", "h264"),
      nvenc("hevc_nvenc", "hevc"),
      qsv("h264_qsv", "h264"),
      qsv("hevc_qsv", "hevc"),
      vaapi("h264_vaapi", "h264"),
      vaapi("hevc_vaapi", "hevc"),
  };
  return all;
}

const video_encoder* find_video_encoder(std::string_view name) {
  const auto& all = video_encoders();
  auto found = std::ranges::find(all, name, &video_encoder::name);
  return found == all.end() ? nullptr : &*found;
}

std::vector<const video_encoder*> encoders_of(std::string_view codec) {
  std::vector<const video_encoder*> result;
  for (const auto& entry : video_encoders())
    if (entry.codec == codec)
      result.push_back(&entry);
  return result;
}

} // namespace troupe
