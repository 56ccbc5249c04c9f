#include "encode/containers.hpp"

#include <algorithm>
#include <cctype>

namespace troupe {

namespace {

using words = std::vector<std::string_view>;

const words mp4_video{"h264",  "hevc",       "av1",        "vp9",
                      "mpeg4", "mpeg2video", "mpeg1video", "mjpeg",
                      "png",   "jpeg2000",   "dirac"};

const words mov_video{
    "h264",      "hevc",    "prores",  "mpeg4", "mpeg2video", "mpeg1video",
    "mjpeg",     "dvvideo", "dnxhd",   "cfhd",  "qtrle",      "png",
    "jpeg2000",  "gif",     "v210",    "ffv1",  "huffyuv",    "hap",
    "magicyuv",  "utvideo", "cinepak", "svq1",  "h263",       "flv1",
    "msmpeg4v3", "wmv2",    "theora",  "snow",  "dirac"};

const words mov_audio{"aac",       "pcm_s16le",    "pcm_s24le", "pcm_s32le",
                      "pcm_f32le", "pcm_f64le",    "pcm_s16be", "pcm_s24be",
                      "pcm_s32be", "pcm_f32be",    "pcm_f64be", "pcm_s8",
                      "pcm_u8",    "pcm_alaw",     "pcm_mulaw", "alac",
                      "mp3",       "mp2",          "ac3",       "eac3",
                      "dts",       "adpcm_ima_qt", "gsm"};

const words mkv_video{
    "h264",       "hevc",       "vp9",     "av1",       "prores",   "mpeg4",
    "mpeg2video", "mpeg1video", "vp8",     "mjpeg",     "dvvideo",  "dnxhd",
    "cfhd",       "ffv1",       "huffyuv", "utvideo",   "magicyuv", "png",
    "jpeg2000",   "v210",       "theora",  "msmpeg4v3", "wmv2",     "h263",
    "flv1",       "cinepak",    "svq1",    "hap",       "snow",     "dirac",
    "rawvideo"};

const words mkv_audio{
    "opus",      "aac",       "flac",      "mp3",          "vorbis",
    "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le",    "pcm_f64le",
    "pcm_s16be", "pcm_s24be", "pcm_s32be", "pcm_u8",       "pcm_alaw",
    "pcm_mulaw", "ac3",       "eac3",      "dts",          "truehd",
    "mlp",       "mp2",       "alac",      "wavpack",      "tta",
    "speex",     "wmav2",     "adpcm_ms",  "adpcm_ima_wav"};

const words mkv_subtitles{"subrip",           "ass",          "ssa",
                          "webvtt",           "dvd_subtitle", "dvb_subtitle",
                          "hdmv_pgs_subtitle"};

// faststart: a player can begin before the whole file has arrived. strict: FLAC
// and MP3 below 16 kHz count as experimental in this muxer up to libav 5.1, and
// it writes the Dolby Vision record of a copied stream only then.
const std::vector<option> mp4_options{{"movflags", "+faststart"},
                                      {"strict", "experimental"}};

const std::vector<option> mov_options{{"movflags", "+faststart"}};

std::vector<container_rules> picture_containers() {
  return {
      {.name = "mp4",
       .muxer = "mp4",
       .extensions = {"mp4", "m4v"},
       .video = mp4_video,
       .audio = {"aac", "mp3", "ac3", "eac3", "flac", "opus", "alac", "dts"},
       .subtitles = {"mov_text"},
       .text_subtitles = "mov_text",
       .chapters = true,
       .cover_art = true,
       .display_matrix = true,
       .options = mp4_options},
      // The mov muxer of libav 5.1 leaves cover art out without a word.
      {.name = "mov",
       .muxer = "mov",
       .extensions = {"mov", "qt"},
       .video = mov_video,
       .audio = mov_audio,
       .subtitles = {"mov_text"},
       .text_subtitles = "mov_text",
       .chapters = true,
       .display_matrix = true,
       .options = mov_options},
      {.name = "mkv",
       .muxer = "matroska",
       .extensions = {"mkv"},
       .video = mkv_video,
       .audio = mkv_audio,
       .subtitles = mkv_subtitles,
       .text_subtitles = "subrip",
       .chapters = true,
       .attachments = true,
       .cover_art = true},
      {.name = "webm",
       .muxer = "webm",
       .extensions = {"webm"},
       .video = {"vp9", "vp8", "av1"},
       .audio = {"opus", "vorbis"},
       .subtitles = {"webvtt"},
       .text_subtitles = "webvtt",
       .chapters = true},
      {.name = "ts",
       .muxer = "mpegts",
       .extensions = {"ts", "mts", "m2ts"},
       .video = {"h264", "hevc", "mpeg2video", "mpeg1video", "dirac"},
       .audio = {"aac", "mp3", "mp2", "ac3", "eac3", "dts", "opus"},
       .subtitles = {"dvb_subtitle"}},
      {.name = "gif", .muxer = "gif", .extensions = {"gif"}, .video = {"gif"}},
  };
}

std::vector<container_rules> sound_containers() {
  return {
      {.name = "m4a",
       .muxer = "ipod",
       .extensions = {"m4a", "m4b"},
       .audio = {"aac", "alac", "ac3"},
       .subtitles = {"mov_text"},
       .text_subtitles = "mov_text",
       .chapters = true,
       .cover_art = true,
       .options = mov_options},
      {.name = "mka",
       .muxer = "matroska",
       .extensions = {"mka"},
       .audio = mkv_audio,
       .subtitles = mkv_subtitles,
       .text_subtitles = "subrip",
       .chapters = true,
       .attachments = true,
       .cover_art = true},
      {.name = "mp3",
       .muxer = "mp3",
       .extensions = {"mp3"},
       .audio = {"mp3"},
       .many_audio = false,
       .chapters = true,
       .cover_art = true},
      {.name = "flac",
       .muxer = "flac",
       .extensions = {"flac"},
       .audio = {"flac"},
       .many_audio = false,
       .cover_art = true},
      {.name = "ogg",
       .muxer = "ogg",
       .extensions = {"ogg", "oga"},
       .audio = {"vorbis", "opus", "flac", "speex"}},
      {.name = "opus",
       .muxer = "opus",
       .extensions = {"opus"},
       .audio = {"opus"},
       .chapters = true},
      {.name = "wav",
       .muxer = "wav",
       .extensions = {"wav"},
       .audio = {"pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le",
                 "pcm_f64le", "pcm_u8", "pcm_alaw", "pcm_mulaw", "adpcm_ms",
                 "adpcm_ima_wav"},
       .many_audio = false},
  };
}

} // namespace

const std::vector<container_rules>& containers() {
  static const std::vector<container_rules> all = [] {
    auto result = picture_containers();
    for (auto& rules : sound_containers())
      result.push_back(std::move(rules));
    return result;
  }();
  return all;
}

const container_rules* find_container(std::string_view name) {
  const auto& all = containers();
  auto found = std::ranges::find(all, name, &container_rules::name);
  return found == all.end() ? nullptr : &*found;
}

const container_rules* container_of_path(std::string_view path) {
  auto file = path.substr(path.find_last_of('/') + 1);
  auto dot = file.find_last_of('.');
  // A name that begins with its only dot (".mp4") has no extension.
  if (dot == std::string_view::npos || dot == 0)
    return nullptr;
  std::string extension{file.substr(dot + 1)};
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return std::tolower(c); });
  for (const auto& rules : containers())
    if (std::ranges::find(rules.extensions, extension)
        != rules.extensions.end())
      return &rules;
  return nullptr;
}

bool holds(const std::vector<std::string_view>& codecs,
           std::string_view codec) {
  if (codec == "pcm")
    return holds(codecs, "pcm_s24le");
  return std::ranges::find(codecs, codec) != codecs.end();
}

std::string containers_with(std::string_view codec) {
  std::vector<std::string_view> names;
  for (const auto& rules : containers())
    if (holds(rules.video, codec) || holds(rules.audio, codec)
        || holds(rules.subtitles, codec))
      names.push_back(rules.name);
  return listed(names, "or");
}

std::string listed(const std::vector<std::string_view>& names,
                   std::string_view last) {
  std::string result;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0)
      result += i + 1 == names.size() ? " " + std::string{last} + " " : ", ";
    result += names[i];
  }
  return result;
}

} // namespace troupe
