#include <algorithm>

#include "encode/containers.hpp"
#include "encode/encoders.hpp"
#include "encode/presets.hpp"
#include "encode/quality.hpp"
#include "encode/validate.hpp"

namespace troupe {

namespace {

constexpr uint32_t usual_priority = 5;

constexpr std::string_view height_mark = "{height}";

const container_rules* container_of(const job_spec& spec,
                                    const preset* chosen) {
  if (!spec.what.container.empty())
    return find_container(spec.what.container);
  if (auto named = container_of_path(spec.output))
    return named;
  return chosen ? find_container(chosen->container) : nullptr;
}

std::string codec_of(const operation& what, const preset* chosen,
                     const container_rules* container) {
  if (!what.codec.empty())
    return what.codec;
  if (auto encoder = find_video_encoder(what.encoder))
    return std::string{encoder->codec};
  if (chosen)
    return std::string{chosen->codec};
  if (!container || container->video.empty())
    return "none";
  return std::string{container->video.front()};
}

/// Whether the preset's quality and speed mean anything for the job: they are
/// on the scale of the first encoder of its codec.
bool on_preset_scale(const operation& resolved, const preset& chosen) {
  if (resolved.codec != chosen.codec)
    return false;
  auto encoders = encoders_of(chosen.codec);
  return resolved.encoder.empty()
         || (!encoders.empty() && encoders.front()->name == resolved.encoder);
}

void fill_from_preset(operation& what, const preset& chosen,
                      const container_rules* container) {
  if (what.audio_codec.empty() && container
      && holds(container->audio, chosen.audio_codec))
    what.audio_codec = chosen.audio_codec;
  if (!on_preset_scale(what, chosen))
    return;
  if (!what.has_crf && what.bit_rate == 0 && chosen.crf >= 0) {
    what.has_crf = true;
    what.crf = chosen.crf;
  }
  if (what.speed.empty())
    what.speed = chosen.speed;
}

} // namespace

operation resolve(const job_spec& spec) {
  auto result = spec.what;
  auto chosen = find_preset(result.preset);
  auto container = container_of(spec, chosen);
  if (container)
    result.container = container->name;
  result.codec = codec_of(result, chosen, container);
  if (chosen)
    fill_from_preset(result, *chosen, container);
  return result;
}

uint32_t effective_priority(const job_spec& spec) {
  if (spec.priority > 0)
    return spec.priority;
  auto chosen = find_preset(spec.what.preset);
  return chosen ? chosen->priority : usual_priority;
}

std::vector<std::string> output_paths(const job_spec& spec) {
  if (spec.what.renditions.empty())
    return {spec.output};
  std::vector<std::string> result;
  for (const auto& one : spec.what.renditions) {
    auto path = spec.output;
    auto height = std::to_string(one.height);
    for (auto at = path.find(height_mark); at != std::string::npos;
         at = path.find(height_mark, at + height.size()))
      path.replace(at, height_mark.size(), height);
    result.push_back(std::move(path));
  }
  return result;
}

std::vector<std::string> candidate_encoders(const job_spec& spec) {
  auto what = resolve(spec);
  if (!what.encoder.empty())
    return {what.encoder};
  std::vector<std::string> result;
  auto encoders = encoders_of(what.codec);
  // A user's crf is on the scale of the first; one that counts otherwise
  // (rav1e's 0 to 255) would make something else of it.
  auto same_scale = [&](const video_encoder& encoder) {
    return !spec.what.has_crf
           || encoder.quality_option == encoders.front()->quality_option;
  };
  for (auto encoder : encoders)
    if (!encoder->hardware && same_scale(*encoder)
        && !refuses(*encoder, spec.what))
      result.emplace_back(encoder->name);
  return result;
}

} // namespace troupe
