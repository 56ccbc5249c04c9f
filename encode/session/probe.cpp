#include "encode/session/probe.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "encode/encoders.hpp"
#include "encode/session/encoders.hpp"
#include "encode/session/log_capture.hpp"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavutil/cpu.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

namespace troupe::session {

namespace {

using clock = std::chrono::steady_clock;

/// Frames that prove that an encoder takes pictures.
constexpr int proving_frames = 3;

/// Measuring stops after this; slow encoders give few frames, but an answer.
constexpr auto measuring_time = std::chrono::milliseconds{1500};
constexpr int measuring_frames = 60;

video_encode settings(const video_encoder& entry, uint32_t width,
                      uint32_t height) {
  video_encode result;
  result.encoder = entry.name;
  result.width = width;
  result.height = height;
  result.pixel_format =
      entry.pixel_formats.empty() ? "yuv420p" : entry.pixel_formats.front();
  result.frame_rate = {25, 1};
  result.time_base = {1, 25};
  result.options = entry.options;
  if (!entry.speed_option.empty() && !entry.default_speed.empty())
    result.options.push_back(
        {std::string{entry.speed_option}, std::string{entry.default_speed}});
  result.threads =
      std::max(1u, std::min<uint32_t>(entry.max_threads,
                                      static_cast<uint32_t>(av_cpu_count())));
  return result;
}

/// A picture with edges and motion, so that an encoder has work to do.
void paint(AVFrame& frame, int number) {
  auto planes =
      av_pix_fmt_count_planes(static_cast<AVPixelFormat>(frame.format));
  for (int plane = 0; plane < planes; ++plane) {
    auto rows =
        plane == 0 || planes < 3 ? frame.height : (frame.height + 1) / 2;
    auto bytes =
        std::min(frame.linesize[plane],
                 av_image_get_linesize(static_cast<AVPixelFormat>(frame.format),
                                       frame.width, plane));
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < bytes; ++x)
        // Bytes of 10-bit samples: the upper one stays within range.
        frame.data[plane][y * frame.linesize[plane] + x] = static_cast<uint8_t>(
            (x & 1 ? 2 : ((x + 3 * number) ^ (y + number)) & 0x7f));
  }
}

struct trial {
  std::string problem; ///< "" when it worked
  double fps = 0;
};

/// Encodes up to `frames` frames, or for so long.
trial encode_some(const video_encode& plan, int frames,
                  clock::duration longest) {
  auto encoder = open_video_encoder(plan, true);
  if (!encoder)
    return {encoder.error().cause, 0};
  auto started = clock::now();
  auto packet = make_packet();
  int sent = 0;
  auto receive_all = [&]() -> std::string {
    for (;;) {
      auto got = receive_packet(**encoder, *packet);
      if (!got)
        return got.error().cause;
      if (*got != received::item)
        return "";
      av_packet_unref(packet.get());
    }
  };
  while (sent < frames && clock::now() - started < longest) {
    auto frame = make_frame();
    frame->format = (*encoder)->pix_fmt;
    frame->width = (*encoder)->width;
    frame->height = (*encoder)->height;
    if (auto rc = av_frame_get_buffer(frame.get(), 0); rc < 0)
      return {av_words(rc), 0};
    paint(*frame, sent);
    frame->pts = sent++;
    if (auto rc = avcodec_send_frame(encoder->get(), frame.get()); rc < 0)
      return {"avcodec_send_frame: " + av_words(rc), 0};
    if (auto problem = receive_all(); !problem.empty())
      return {problem, 0};
  }
  if (auto rc = avcodec_send_frame(encoder->get(), nullptr); rc < 0)
    return {"avcodec_send_frame: " + av_words(rc), 0};
  if (auto problem = receive_all(); !problem.empty())
    return {problem, 0};
  std::chrono::duration<double> took = clock::now() - started;
  return {"", took.count() > 0 ? sent / took.count() : 0};
}

std::string version_text(unsigned version) {
  return std::to_string(AV_VERSION_MAJOR(version)) + "."
         + std::to_string(AV_VERSION_MINOR(version)) + "."
         + std::to_string(AV_VERSION_MICRO(version));
}

} // namespace

encoder_capability
probe_encoder(const probe_request& wanted,
              const std::function<void(const encoder_capability&)>& report) {
  encoder_capability result;
  result.name = wanted.encoder;
  result.codec = wanted.codec;
  auto entry = find_video_encoder(wanted.encoder);
  result.kind = entry && entry->hardware ? "hardware" : "software";
  if (!entry) {
    result.reason = "not in the table of encoders";
    return result;
  }
  if (auto codec = avcodec_find_encoder_by_name(wanted.encoder.c_str());
      codec && codec->pix_fmts)
    for (auto format = codec->pix_fmts; *format != AV_PIX_FMT_NONE; ++format)
      if (auto name = av_get_pix_fmt_name(*format))
        result.pixel_formats.emplace_back(name);
  auto attempt = [&](uint32_t width, uint32_t height, int frames) {
    auto tried =
        encode_some(settings(*entry, width, height), frames, measuring_time);
    if (tried.problem.empty()) {
      result.works = true;
      result.max_width = std::max(result.max_width, width);
      result.max_height = std::max(result.max_height, height);
    } else if (!result.works) {
      // libav's log says what its return code doesn't: "Cannot load
      // libcuda.so.1" instead of "Operation not permitted".
      auto said = take_log();
      result.reason = said.empty() ? tried.problem : said.front();
    }
    return tried;
  };
  attempt(wanted.width, wanted.height, proving_frames);
  if (!result.works || !wanted.thorough)
    return result;
  report(result);
  result.fps_1080p =
      std::round(attempt(1920, 1080, measuring_frames).fps * 10) / 10;
  report(result);
  attempt(3840, 2160, 1);
  return result;
}

libraries list_libraries() {
  libraries result;
  void* position = nullptr;
  while (auto codec = av_codec_iterate(&position)) {
    auto& names =
        av_codec_is_decoder(codec) ? result.decoders : result.encoders;
    names.emplace_back(codec->name);
  }
  std::sort(result.decoders.begin(), result.decoders.end());
  std::sort(result.encoders.begin(), result.encoders.end());
  return result;
}

std::vector<library_version> linked_libraries() {
  return {
      {"libavcodec", version_text(avcodec_version())},
      {"libavformat", version_text(avformat_version())},
      {"libavfilter", version_text(avfilter_version())},
      {"libavutil", version_text(avutil_version())},
      {"libswscale", version_text(swscale_version())},
      {"libswresample", version_text(swresample_version())},
      {"ffmpeg", av_version_info()},
  };
}

} // namespace troupe::session
