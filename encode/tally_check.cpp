#include "encode/tally_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "encode/encoders.hpp"

namespace troupe {

namespace {

/// People notice sound that is farther off than this.
constexpr double audible_s = 0.020;

/// Durations are rounded by containers; nobody misses less.
constexpr double least_tolerance_s = 0.050;

/// By how much pictures without a constant rate may last longer; containers
/// differ in what they say about the last one.
constexpr double last_picture_share = 0.05;
constexpr double last_picture_s = 1.0;

/// Samples by which containers without edit lists misplace the start and end of
/// lossy sound: AAC and MP3 work in frames up to this, and need one to begin.
constexpr double sound_frame = 2112;

/// For copied sound, whose rate the plan doesn't say; longer where its packets
/// are.
constexpr double copied_sound_frame_s = 0.060;

constexpr double gif_rounding_s = 0.1;

std::string seconds(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3f s", x);
  return text;
}

double length(const stream_tally& tally) {
  return tally.last_s - tally.first_s;
}

/// The codec that must come back, libav's name; "" when anything may.
std::string planned_codec(const matched_stream& match) {
  const auto& plan = match.plan;
  if (plan.action == stream_action::copy)
    return match.source ? match.source->codec : "";
  if (plan.kind == stream_kind::subtitle)
    return plan.subtitle_encoder;
  if (plan.kind == stream_kind::video) {
    auto encoder = find_video_encoder(plan.video.encoder);
    return encoder ? std::string{encoder->codec} : "";
  }
  // PCM has one codec per depth, called like its encoder.
  if (plan.audio.encoder.starts_with("pcm_"))
    return plan.audio.encoder;
  for (const auto& encoder : audio_encoders())
    if (encoder.name == plan.audio.encoder)
      return std::string{encoder.codec};
  return "";
}

// -- language -----------------------------------------------------------------

/// ISO 639-2 has two codes for some languages; containers prefer one.
constexpr std::array<std::array<std::string_view, 2>, 20> same_language{{
    {"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"}, {"bur", "mya"},
    {"chi", "zho"}, {"cze", "ces"}, {"dut", "nld"}, {"fre", "fra"},
    {"geo", "kat"}, {"ger", "deu"}, {"gre", "ell"}, {"ice", "isl"},
    {"mac", "mkd"}, {"mao", "mri"}, {"may", "msa"}, {"per", "fas"},
    {"rum", "ron"}, {"slo", "slk"}, {"tib", "bod"}, {"wel", "cym"},
}};

bool is_code(const std::string& language) {
  return language.size() == 3 && language != "und"
         && std::ranges::all_of(language,
                                [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_same_language(const std::string& a, const std::string& b) {
  return a == b || std::ranges::any_of(same_language, [&](const auto& pair) {
           return (pair[0] == a && pair[1] == b)
                  || (pair[0] == b && pair[1] == a);
         });
}

/// Containers that keep the language of every sound and text. Transport streams
/// keep that of sound only as far as their descriptors go, so they are not
/// asked.
bool keeps_languages(std::string_view container) {
  return container == "mp4" || container == "mov" || container == "mkv"
         || container == "mka" || container == "webm" || container == "m4a";
}

void check_language(const matched_stream& match, std::string_view container,
                    std::vector<std::string>& wrong,
                    std::vector<std::string>& warnings) {
  const auto& language = match.source->language;
  if (match.plan.kind == stream_kind::video || !keeps_languages(container)
      || !is_code(language)
      || is_same_language(language, match.result->language))
    return;
  // QuickTime numbers languages, and has no number for most of them.
  (container == "mov" ? warnings : wrong)
      .push_back(describe(*match.source) + ": language " + language
                 + " came out as \"" + match.result->language + "\"");
}

// -- tolerances ---------------------------------------------------------------

/// Copied streams aren't decoded: there packets are counted.
double frame_s(const stream_tally& tally) {
  auto frames = tally.frames > 0 ? tally.frames : tally.packets;
  return frames > 0 ? length(tally) / static_cast<double>(frames) : 0;
}

/// Pictures at the start of a copy that refer to others before it are there but
/// not shown, which moves the first that is.
double hidden_s(const matched_stream& picture) {
  auto& source = *picture.source;
  auto shown = picture.result->frames;
  if (picture.plan.action != stream_action::copy || shown >= source.packets)
    return 0;
  return static_cast<double>(source.packets - shown) * frame_s(source);
}

/// Pictures at a constant rate, one tick of the encoder's clock each.
bool is_constant(const stream_plan& plan) {
  const auto& video = plan.video;
  return plan.action == stream_action::encode && video.frame_rate.num > 0
         && video.time_base.num == video.frame_rate.den
         && video.time_base.den == video.frame_rate.num;
}

double sound_slack(const matched_stream& match) {
  const auto& plan = match.plan;
  if (plan.action == stream_action::encode && plan.audio.sample_rate > 0)
    return sound_frame / plan.audio.sample_rate;
  auto packets = static_cast<double>(match.result->packets);
  auto packet_s = packets > 0 ? length(*match.result) / packets : 0;
  return std::max(copied_sound_frame_s, 1.5 * packet_s);
}

/// How much longer or shorter pictures may come out.
double picture_slack(const matched_stream& match) {
  const auto& plan = match.plan;
  auto frames = 2 * std::max(frame_s(*match.source), frame_s(*match.result));
  if (plan.action == stream_action::encode && is_constant(plan)
      && !match.changes_rate)
    return frames;
  auto share = last_picture_share * length(*match.source);
  auto gif = plan.video.encoder == "gif" ? gif_rounding_s : 0;
  return std::max({frames, share, last_picture_s}) + gif;
}

/// Whether another length shows no fault of the encode: packets of a copy carry
/// their own times, and may lie about how long the last of them is; so may the
/// last picture of a variable rate, which the result then shows for less.
bool explains_length(const matched_stream& match) {
  if (match.plan.action == stream_action::copy)
    return true;
  return match.plan.kind == stream_kind::video && !is_constant(match.plan)
         && match.result->frames == match.source->frames
         && length(*match.result) > 0
         && length(*match.result) < length(*match.source);
}

} // namespace

std::string describe(const stream_tally& tally) {
  static constexpr std::array kinds{"stream",       "video stream",
                                    "audio stream", "subtitle stream",
                                    "attachment",   "data stream"};
  auto kind = std::min<size_t>(static_cast<size_t>(tally.kind), 5);
  return std::string{kinds[kind]} + " " + std::to_string(tally.source) + " ("
         + tally.codec + ")";
}

void check_presence(const matched_stream& match, std::string_view container,
                    std::vector<std::string>& wrong,
                    std::vector<std::string>& warnings) {
  auto source = match.source;
  // Muxers leave a stream out, or readers don't see it, when it holds nothing.
  auto empty =
      !source || source->packets == 0
      || (match.plan.action == stream_action::encode
          && match.plan.kind == stream_kind::audio && source->frames == 0);
  if (empty) {
    if (source && source->packets > 0)
      warnings.push_back(describe(*source)
                         + ": nothing of it could be decoded");
    return;
  }
  auto what = describe(*source);
  if (!match.result) {
    wrong.push_back(what + " is missing");
    return;
  }
  auto codec = planned_codec(match);
  if (!codec.empty() && match.result->codec != codec)
    wrong.push_back(what + " came out as " + match.result->codec
                    + " instead of " + codec);
  // Text without a single event that has words in it is fine.
  if (match.result->packets == 0 && match.plan.kind != stream_kind::subtitle)
    wrong.push_back(what + " is empty");
  check_language(match, container, wrong, warnings);
}

void check_frames(const matched_stream& match, std::vector<std::string>& wrong,
                  std::vector<std::string>& warnings) {
  const auto& plan = match.plan;
  if (plan.kind != stream_kind::video || match.changes_rate
      || plan.video.encoder == "gif")
    return;
  auto what = describe(*match.source);
  if (plan.action == stream_action::encode) {
    if (match.result->frames != match.source->frames)
      wrong.push_back(what + ": " + std::to_string(match.source->frames)
                      + " frames became "
                      + std::to_string(match.result->frames));
  } else if (match.result->packets < match.source->packets) {
    // Pictures before the first key frame can't be shown, and aren't copied.
    warnings.push_back(what + ": " + std::to_string(match.result->packets)
                       + " of " + std::to_string(match.source->packets)
                       + " pictures were copied");
  }
}

void check_duration(const matched_stream& match,
                    std::vector<std::string>& wrong,
                    std::vector<std::string>& warnings) {
  double slack = 0;
  if (match.plan.kind == stream_kind::video)
    slack = picture_slack(match);
  else if (match.plan.kind == stream_kind::audio)
    slack = 2 * sound_slack(match);
  else
    return;
  auto tolerance = std::max(slack, least_tolerance_s);
  auto before = length(*match.source);
  auto after = length(*match.result);
  // Written so that a NaN of a broken report fails too.
  if (std::abs(after - before) <= tolerance)
    return;
  auto line = describe(*match.source) + " lasts " + seconds(after)
              + " instead of " + seconds(before);
  (explains_length(match) ? warnings : wrong).push_back(line);
}

void check_sync(const std::vector<matched_stream>& streams,
                std::vector<std::string>& wrong,
                std::vector<std::string>& warnings) {
  auto picture = std::ranges::find_if(streams, [](const auto& match) {
    return match.plan.kind == stream_kind::video;
  });
  if (picture == streams.end())
    return;
  auto frame = frame_s(*picture->source);
  auto at_start =
      audible_s + (picture->changes_rate ? frame : 0) + hidden_s(*picture);
  for (const auto& sound : streams) {
    if (sound.plan.kind != stream_kind::audio)
      continue;
    auto slack = sound_slack(sound);
    auto moved = [&](double stream_tally::*edge) {
      return (picture->result->*edge - sound.result->*edge)
             - (picture->source->*edge - sound.source->*edge);
    };
    auto start = std::abs(moved(&stream_tally::first_s));
    if (!(start <= at_start + slack))
      wrong.push_back(describe(*sound.source) + " begins " + seconds(start)
                      + " off the picture");
    auto end = std::abs(moved(&stream_tally::last_s));
    if (is_constant(picture->plan) && !picture->changes_rate
        && !(end <= audible_s + 2 * slack + 2 * frame))
      (explains_length(sound) ? warnings : wrong)
          .push_back(describe(*sound.source) + " ends " + seconds(end)
                     + " off the picture");
  }
}

} // namespace troupe
