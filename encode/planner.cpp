#include "encode/planner.hpp"

#include <algorithm>

#include "encode/containers.hpp"
#include "encode/encoders.hpp"
#include "encode/extras.hpp"
#include "encode/geometry.hpp"
#include "encode/notes.hpp"
#include "encode/picture.hpp"
#include "encode/presets.hpp"
#include "encode/sound.hpp"
#include "encode/validate.hpp"

namespace troupe {

namespace {

/// What one planning knows and collects.
struct planning {
  const job_spec& spec;
  const media_info& media;
  const planning_context& context;
  const operation what; ///< resolved
  const preset* chosen = nullptr;
  const container_rules& rules;
  notes told = {};
  encode_plan plan = {};
};

/// No container's header says more than this in earnest.
constexpr uint32_t largest_side = 65535;

// -- the picture stream -------------------------------------------------------

bool is_moving(const stream_info& stream) {
  return stream.kind == stream_kind::video && !stream.attached_picture;
}

/// The one video stream of the result; null when the source has none.
const stream_info* main_video(const media_info& media) {
  for (const auto& stream : media.streams)
    if (is_moving(stream)
        && static_cast<int64_t>(stream.index) == media.best_video)
      return &stream;
  // libav calls none the best when it can decode none.
  auto first = std::ranges::find_if(media.streams, is_moving);
  return first == media.streams.end() ? nullptr : &*first;
}

void note_other_videos(planning& p, const stream_info* main) {
  for (const auto& stream : p.media.streams)
    if (is_moving(stream) && &stream != main)
      p.told.drop(stream, "one picture track is kept, the best of them");
}

/// Whether the job leaves the source's pictures out, noting that where the
/// user didn't ask for it.
bool leaves_video_out(planning& p, const stream_info& stream) {
  if (p.rules.video.empty()) {
    if (p.spec.what.codec != "none")
      p.told.drop(stream, std::string{p.rules.name} + " holds no pictures");
    return true;
  }
  return p.what.codec == "none";
}

std::string turn_words(const stream_info& stream) {
  return stream.turn == orientation::other
             ? "the source's orientation is no multiple of 90 degrees"
             : "the source is shown turned or mirrored";
}

outcome<stream_plan> copy_video(planning& p, const stream_info& stream) {
  std::string name{p.rules.name};
  if (!holds(p.rules.video, stream.codec)) {
    auto there = containers_with(stream.codec);
    return failure{
        ec::impossible_job, describe(stream), name + " can't hold it as it is",
        there.empty() ? "encode it: leave --codec copy out"
                      : "choose " + there + ", or leave --codec copy out"};
  }
  if (stream.turn != orientation::upright && !p.rules.display_matrix)
    return failure{ec::impossible_job, describe(stream),
                   turn_words(stream) + ", which " + name + " can't say",
                   "choose mp4 or mov, or leave --codec copy out"};
  stream_plan result;
  result.source = stream.index;
  result.kind = stream_kind::video;
  result.action = stream_action::copy;
  return result;
}

outcome<const video_encoder*> encoder_for(const planning& p,
                                          const stream_info& stream) {
  auto sane = [](uint32_t side) { return side > 0 && side <= largest_side; };
  if (!stream.decodable || !sane(stream.width) || !sane(stream.height))
    return failure{ec::bad_input, describe(stream),
                   "its pictures can't be decoded",
                   "repair the file, or take only its sound with --codec none"};
  const auto& name = p.context.encoder.name;
  if (auto encoder = find_video_encoder(name))
    return encoder;
  return failure{ec::encoder_unavailable, name.empty() ? p.what.codec : name,
                 "no encoder of it works on this machine",
                 "see `troupe probe` for those that do"};
}

// -- outputs ------------------------------------------------------------------

output_plan empty_output(const planning& p) {
  output_plan result;
  result.container = p.rules.name;
  result.muxer = p.rules.muxer;
  result.options = p.rules.options;
  result.chapters = p.rules.chapters && !p.media.chapters.empty();
  return result;
}

void add_output(planning& p, stream_plan video, uint32_t width, uint32_t height,
                uint32_t rendition) {
  auto output = empty_output(p);
  output.width = width;
  output.height = height;
  output.rendition = rendition;
  output.streams.push_back(std::move(video));
  p.plan.outputs.push_back(std::move(output));
}

outcome<void> add_copied_video(planning& p, const stream_info& stream) {
  auto video = copy_video(p, stream);
  if (!video)
    return video.error();
  add_output(p, std::move(*video), stream.width, stream.height, 0);
  return {};
}

outcome<void> add_encoded_output(planning& p, const picture_job& job,
                                 const treatment& how, const rendition* size,
                                 uint32_t index, bool shared) {
  auto picture = plan_picture(job, how, size, shared, p.told);
  if (!picture)
    return picture.error();
  stream_plan video;
  video.source = job.stream.index;
  video.kind = stream_kind::video;
  video.action = stream_action::encode;
  video.video = std::move(*picture);
  auto width = video.video.width;
  auto height = video.video.height;
  add_output(p, std::move(video), width, height, index);
  return {};
}

void note_left_out(planning& p, const std::vector<uint32_t>& made) {
  const auto& renditions = p.what.renditions;
  for (uint32_t i = 0; i < renditions.size(); ++i)
    if (std::ranges::find(made, i) == made.end())
      p.told.warn("rendition " + std::to_string(renditions[i].height)
                  + "p is left out: the source is smaller");
}

outcome<void> add_encoded_video(planning& p, const stream_info& stream) {
  auto encoder = encoder_for(p, stream);
  if (!encoder)
    return encoder.error();
  picture_job job{p.spec.what, p.what,    p.chosen, p.media,
                  stream,      **encoder, p.context};
  auto how = decide_treatment(job, p.told);
  const auto& renditions = p.what.renditions;
  if (renditions.empty())
    return add_encoded_output(p, job, how, nullptr, 0, false);
  auto made = useful_renditions(upright_size(stream), renditions);
  note_left_out(p, made);
  auto shared = made.size() > 1;
  if (shared)
    p.plan.common_steps = shared_steps(how);
  for (auto index : made)
    if (auto done =
            add_encoded_output(p, job, how, &renditions[index], index, shared);
        !done)
      return done;
  return {};
}

outcome<void> plan_video(planning& p) {
  auto stream = main_video(p.media);
  note_other_videos(p, stream);
  if (!stream || leaves_video_out(p, *stream)) {
    // Renditions differ by their pictures; without these there is one file.
    p.plan.outputs.push_back(empty_output(p));
    return {};
  }
  return p.what.codec == "copy" ? add_copied_video(p, *stream)
                                : add_encoded_video(p, *stream);
}

// -- everything else ----------------------------------------------------------

void append(encode_plan& plan, const std::vector<stream_plan>& streams) {
  for (auto& output : plan.outputs)
    output.streams.insert(output.streams.end(), streams.begin(), streams.end());
}

void note_chapters(planning& p) {
  if (!p.media.chapters.empty() && !p.rules.chapters)
    p.told.drop("chapters (" + std::to_string(p.media.chapters.size()) + ")",
                std::string{p.rules.name} + " holds none");
}

bool is_playable(const stream_info& stream) {
  return !stream.attached_picture
         && (stream.kind == stream_kind::video
             || stream.kind == stream_kind::audio
             || stream.kind == stream_kind::subtitle);
}

/// A result needs a picture, sound or text; covers and attachments alone are
/// none.
outcome<void> check_something_left(const planning& p) {
  const auto& planned = p.plan.outputs.front().streams;
  for (const auto& stream : p.media.streams)
    if (is_playable(stream)
        && std::ranges::find(planned, stream.index, &stream_plan::source)
               != planned.end())
      return {};
  std::string cause = "nothing of it can go into " + std::string{p.rules.name};
  if (p.media.streams.empty())
    cause = "there is no stream in it";
  for (const auto& line : p.told.dropped)
    cause += "; " + line;
  auto has_media = std::ranges::any_of(p.media.streams, [](const auto& stream) {
    return stream.decodable && is_playable(stream);
  });
  if (!has_media)
    return failure{ec::bad_input, p.spec.input, cause,
                   "repair or replace the file"};
  return failure{ec::impossible_job, p.spec.input, cause,
                 "choose another container; mkv takes nearly everything"};
}

outcome<encode_plan> make(planning& p) {
  if (auto done = plan_video(p); !done)
    return done.error();
  auto sound =
      plan_sound({p.spec.what, p.what, p.chosen, p.media, p.rules}, p.told);
  if (!sound)
    return sound.error();
  append(p.plan, *sound);
  append(p.plan, plan_subtitles(p.media, p.rules, p.told));
  append(p.plan, plan_extras(p.media, p.rules, p.told));
  note_chapters(p);
  if (auto fine = check_something_left(p); !fine)
    return fine.error();
  p.plan.duration_s = p.media.duration_s;
  p.plan.dropped = std::move(p.told.dropped);
  p.plan.warnings = p.media.warnings;
  if (const auto& segment = p.spec.what.segment;
      !segment.empty() && segment != "off" && segment != "auto")
    p.plan.warnings.push_back("--segment " + segment
                              + ": files are encoded whole so far");
  for (auto& line : p.told.warnings)
    p.plan.warnings.push_back(std::move(line));
  return std::move(p.plan);
}

} // namespace

outcome<encode_plan> make_plan(const job_spec& spec, const media_info& media,
                               const planning_context& context) {
  auto what = resolve(spec);
  auto rules = find_container(what.container);
  if (!rules)
    return failure{ec::usage, "output",
                   "its name doesn't say what container to make",
                   "give --container"};
  auto chosen = find_preset(what.preset);
  planning p{spec, media, context, std::move(what), chosen, *rules};
  return make(p);
}

} // namespace troupe
