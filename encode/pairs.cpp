#include "encode/pairs.hpp"

#include <algorithm>

#include "encode/containers.hpp"
#include "encode/encoders.hpp"
#include "encode/presets.hpp"
#include "encode/quality.hpp"
#include "encode/validate.hpp"

namespace troupe {

namespace {

constexpr std::string_view height_mark = "{height}";

failure usage(std::string subject, std::string cause, std::string advice) {
  return {ec::usage, std::move(subject), std::move(cause), std::move(advice)};
}

/// The codecs of a container's list that we can encode: what to offer.
std::vector<std::string_view> offered_video(const container_rules& rules) {
  std::vector<std::string_view> result;
  for (auto codec : rules.video)
    if (!encoders_of(codec).empty())
      result.push_back(codec);
  return result;
}

std::vector<std::string_view> offered_audio(const container_rules& rules) {
  std::vector<std::string_view> result;
  for (const auto& encoder : audio_encoders())
    if (holds(rules.audio, encoder.codec)
        && std::ranges::find(result, encoder.codec) == result.end())
      result.push_back(encoder.codec);
  return result;
}

/// "vp9 goes into mp4, mkv or webm; mov takes h264 or prores"
std::string what_would_work(std::string_view codec,
                            const container_rules& rules,
                            const std::vector<std::string_view>& offered) {
  std::string result{codec};
  // One name stands for all of PCM; the lists have each of them.
  auto there = containers_with(codec == "pcm" ? "pcm_s24le" : codec);
  result += " goes into " + there;
  if (!offered.empty())
    result +=
        "; " + std::string{rules.name} + " takes " + listed(offered, "or");
  return result;
}

bool is_codec(const std::string& word) {
  return word != "copy" && word != "none" && !word.empty();
}

failure impossible_pair(std::string_view codec, const container_rules& rules,
                        const std::vector<std::string_view>& offered,
                        const char* kind) {
  std::string name{rules.name};
  auto cause = offered.empty() ? name + " holds no " + kind
                               : name + " can't hold " + std::string{codec};
  return {ec::impossible_job, name, cause,
          what_would_work(codec, rules, offered)};
}

outcome<void> check_container(const job_spec&, const operation& what) {
  auto rules = find_container(what.container);
  if (!rules) {
    std::vector<std::string_view> names;
    for (const auto& one : containers())
      names.push_back(one.name);
    return usage("output", "its name doesn't say what container to make",
                 "end it in or give --container one of " + listed(names, "or"));
  }
  // A preset's codec is the user's wish as much as one of his own: "standard"
  // into .mp3 is more likely a slip than a wish for its sound alone.
  if (is_codec(what.codec) && !holds(rules->video, what.codec))
    return impossible_pair(what.codec, *rules, offered_video(*rules),
                           "pictures");
  if (is_codec(what.audio_codec) && !holds(rules->audio, what.audio_codec))
    return impossible_pair(what.audio_codec, *rules, offered_audio(*rules),
                           "sound");
  auto no_picture = what.codec == "none" || rules->video.empty();
  auto no_sound = what.audio_codec == "none" || rules->audio.empty();
  if (no_picture && no_sound)
    return failure{ec::impossible_job, std::string{rules->name},
                   "neither picture nor sound would be left",
                   "leave --codec none or --audio-codec none out"};
  return {};
}

outcome<void> check_encoder(const job_spec& spec, const operation& what) {
  if (!is_codec(what.codec)) {
    if (!what.encoder.empty())
      return usage("--encoder", "nothing is encoded with --codec " + what.codec,
                   "leave one of them out");
    return {};
  }
  if (!what.encoder.empty()) {
    auto encoder = find_video_encoder(what.encoder);
    if (encoder->codec != what.codec)
      return usage("--encoder", what.encoder + " doesn't make " + what.codec,
                   "leave --codec out; it makes "
                       + std::string{encoder->codec});
    if (auto refused = refuses(*encoder, spec.what))
      return *refused;
    return {};
  }
  if (candidate_encoders(spec).empty())
    return *refuses(*encoders_of(what.codec).front(), spec.what);
  return {};
}

outcome<void> check_picture_options(const job_spec& spec,
                                    const operation& what) {
  if (spec.what.has_crf && spec.what.bit_rate > 0)
    return usage("--crf", "it contradicts --bitrate",
                 "one asks for a quality, the other for a size: choose");
  if (is_codec(what.codec))
    return {};
  const auto& said = spec.what;
  auto option = said.has_crf               ? "--crf"
                : said.bit_rate > 0        ? "--bitrate"
                : !said.speed.empty()      ? "--speed"
                : said.width > 0           ? "--width"
                : said.height > 0          ? "--height"
                : said.fps.num > 0         ? "--fps"
                : !said.renditions.empty() ? "--rendition"
                                           : nullptr;
  if (!option)
    return {};
  auto why = what.codec == "copy" ? "a copied picture can't be changed"
                                  : "there is no picture to apply it to";
  return usage(option, why, "leave it out, or name a codec to encode to");
}

outcome<void> check_audio_options(const job_spec& spec, const operation& what) {
  if (spec.what.audio_bit_rate == 0)
    return {};
  if (what.audio_codec == "copy" || what.audio_codec == "none")
    return usage("--audio-bitrate",
                 "no sound is encoded with --audio-codec " + what.audio_codec,
                 "leave one of them out");
  auto encoder = find_audio_encoder(what.audio_codec);
  if (encoder && encoder->lossless)
    return usage("--audio-bitrate",
                 what.audio_codec + " is lossless and keeps no bit rate",
                 "leave it out");
  return {};
}

outcome<void> check_renditions(const job_spec& spec, const operation&) {
  const auto& renditions = spec.what.renditions;
  auto marked = spec.output.find(height_mark) != std::string::npos;
  if (renditions.empty()) {
    if (marked)
      return usage("output", "{height} in its name stands for a rendition's",
                   "add --rendition, or take it out of the name");
    return {};
  }
  if (renditions.size() > 1 && !marked)
    return usage("output", "several renditions need names of their own",
                 "put {height} into the name: out_{height}.mp4");
  if (spec.what.width > 0 || spec.what.height > 0)
    return usage("--rendition", "it contradicts --width and --height",
                 "a rendition's height decides about the size");
  auto chosen = find_preset(spec.what.preset);
  if (chosen && chosen->fixed_frame)
    return usage("--rendition",
                 "the frame of preset " + spec.what.preset + " is fixed",
                 "leave it out or choose another preset");
  return {};
}

} // namespace

outcome<void> check_pairs(const job_spec& spec) {
  auto what = resolve(spec);
  for (auto check : {check_renditions, check_picture_options, check_container,
                     check_encoder, check_audio_options})
    if (auto fine = check(spec, what); !fine)
      return fine;
  return {};
}

} // namespace troupe
