#include "encode/sound.hpp"

#include <algorithm>

#include "encode/encoders.hpp"
#include "encode/sound_format.hpp"

namespace troupe {

namespace {

/// The one stream that a container for a single one gets.
const stream_info* best_sound(const media_info& media) {
  for (const auto& stream : media.streams)
    if (stream.kind == stream_kind::audio
        && static_cast<int64_t>(stream.index) == media.best_audio)
      return &stream;
  for (const auto& stream : media.streams)
    if (stream.kind == stream_kind::audio)
      return &stream;
  return nullptr;
}

bool is_codec(const stream_info& stream, std::string_view codec) {
  return stream.codec == codec
         || (codec == "pcm" && stream.codec.starts_with("pcm_"));
}

/// Whether the stream as it is can go into the container. Without a sample rate
/// or channels no muxer takes it.
bool can_copy(const stream_info& stream, const container_rules& rules) {
  return holds(rules.audio, stream.codec) && stream.sample_rate > 0
         && stream.channels > 0;
}

/// The codec to encode to, or "" to copy.
std::string target_of(const stream_info& stream, const sound_job& job) {
  const auto& word = job.resolved.audio_codec;
  auto copyable = can_copy(stream, job.rules);
  // A bit rate is a wish that a copy can't fulfil.
  auto rate_asked = job.asked.audio_bit_rate > 0;
  if (!word.empty())
    return copyable && is_codec(stream, word) && !rate_asked ? "" : word;
  if (copyable && !rate_asked)
    return "";
  // The list may begin with a codec that has a name per depth.
  std::string first{job.rules.audio.front()};
  return first.starts_with("pcm_") ? "pcm" : first;
}

stream_plan copied(const stream_info& stream) {
  stream_plan result;
  result.source = stream.index;
  result.kind = stream_kind::audio;
  result.action = stream_action::copy;
  return result;
}

stream_plan encoded(const stream_info& stream, audio_encode how) {
  stream_plan result;
  result.source = stream.index;
  result.kind = stream_kind::audio;
  result.action = stream_action::encode;
  result.audio = std::move(how);
  return result;
}

failure uncopyable(const stream_info& stream, const sound_job& job) {
  auto there = containers_with(stream.codec);
  std::string advice = "leave --audio-codec out, then it is encoded";
  if (!there.empty())
    advice += ", or choose " + there;
  return {ec::impossible_job, describe(stream),
          std::string{job.rules.name} + " can't hold it as it is", advice};
}

/// Bits per second for two channels that the preset wants of this codec; 0 for
/// none.
int64_t preset_rate(const sound_job& job, std::string_view codec) {
  if (!job.chosen)
    return 0;
  auto meant = job.chosen->audio_codec;
  return meant.empty() || meant == codec ? job.chosen->audio_bit_rate : 0;
}

/// Adds the stream to `plans` or notes why not.
outcome<void> plan_stream(const stream_info& stream, const sound_job& job,
                          std::vector<stream_plan>& plans, notes& told) {
  if (job.resolved.audio_codec == "copy") {
    if (can_copy(stream, job.rules))
      plans.push_back(copied(stream));
    else if (&stream == best_sound(job.media))
      return uncopyable(stream, job);
    else
      told.drop(stream,
                std::string{job.rules.name} + " can't hold it as it is");
    return {};
  }
  auto target = target_of(stream, job);
  if (target.empty()) {
    plans.push_back(copied(stream));
    return {};
  }
  if (!stream.decodable) {
    told.drop(stream, "it can't be decoded, and " + std::string{job.rules.name}
                          + " doesn't take it as it is");
    return {};
  }
  auto how = sound_format(stream, target, job.asked.audio_bit_rate,
                          preset_rate(job, target), told);
  if (!how)
    told.drop(stream, how.error().cause);
  else
    plans.push_back(encoded(stream, std::move(*how)));
  return {};
}

} // namespace

outcome<std::vector<stream_plan>> plan_sound(const sound_job& job,
                                             notes& told) {
  std::vector<stream_plan> plans;
  if (job.resolved.audio_codec == "none")
    return plans;
  auto best = best_sound(job.media);
  std::string name{job.rules.name};
  for (const auto& stream : job.media.streams) {
    if (stream.kind != stream_kind::audio)
      continue;
    if (job.rules.audio.empty()) {
      told.drop(stream, name + " holds no sound");
      continue;
    }
    if (!job.rules.many_audio && &stream != best) {
      told.drop(stream, name + " holds one audio stream, and stream "
                            + std::to_string(best->index) + " is the best");
      continue;
    }
    if (auto done = plan_stream(stream, job, plans, told); !done)
      return done.error();
  }
  return plans;
}

} // namespace troupe
