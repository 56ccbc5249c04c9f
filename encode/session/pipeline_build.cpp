#include "encode/session/pipeline.hpp"
#include "encode/session/stream_setup.hpp"

namespace troupe::session {

namespace {

bool same_sound(const audio_encode& left, const audio_encode& right) {
  return left.encoder == right.encoder && left.options == right.options
         && left.bit_rate == right.bit_rate
         && left.sample_rate == right.sample_rate
         && left.channel_layout == right.channel_layout
         && left.sample_format == right.sample_format;
}

double padding_of(const AVCodecContext& encoder) {
  return static_cast<double>(encoder.initial_padding)
         / std::max(encoder.sample_rate, 1);
}

failure missing_stream(uint32_t index) {
  return {ec::internal, "plan",
          "names stream " + std::to_string(index)
              + ", which the input doesn't have",
          "report this"};
}

} // namespace

outcome<void> pipeline::build() {
  if (plan_.outputs.empty() || plan_.outputs.size() != outputs_.size())
    return failure{ec::internal, "plan", "outputs and descriptors don't match",
                   "report this"};
  for (size_t i = 0; i < plan_.outputs.size(); ++i)
    if (auto built = build_output(i); !built)
      return built;
  if (auto opened = open_chains(); !opened)
    return opened;
  for (size_t i = 0; i < muxers_.size(); ++i)
    if (auto started = muxers_[i]->start(plan_.outputs[i].options); !started)
      return started;
  return {};
}

outcome<void> pipeline::build_output(size_t index) {
  auto& plan = plan_.outputs[index];
  auto out = muxer::open(plan, outputs_[index].get(), counters_, index == 0);
  if (!out)
    return out.error();
  muxers_.push_back(std::move(*out));
  origins_.emplace_back();
  auto& own = *muxers_.back();
  stop_.on_stop([&own] { own.abort(); });
  for (auto& wanted : plan.streams) {
    if (wanted.source >= source_.streams())
      return missing_stream(wanted.source);
    if (auto added = add_stream(index, wanted); !added)
      return added;
  }
  carry_file_metadata(own.format(), *source_.format(), plan.chapters,
                      source_.start_us());
  return {};
}

outcome<void> pipeline::add_stream(size_t output, const stream_plan& wanted) {
  origins_[output].push_back({wanted.source, 0});
  if (wanted.action == stream_action::copy)
    return add_copy(output, wanted);
  if (wanted.action == stream_action::attach)
    return set_up_attached_picture(muxers_[output]->add_stream(),
                                   *source_.stream(wanted.source));
  switch (wanted.kind) {
    case stream_kind::video:
      return add_video(output, wanted);
    case stream_kind::audio:
      return add_audio(output, wanted);
    case stream_kind::subtitle:
      return add_subtitle(output, wanted);
    default:
      return failure{ec::internal, "plan",
                     "wants to encode what can only be copied", "report this"};
  }
}

outcome<void> pipeline::add_copy(size_t output, const stream_plan& wanted) {
  auto& out = *muxers_[output];
  auto& in = *source_.stream(wanted.source);
  auto& stream = out.add_stream();
  if (auto done = set_up_copy(stream, in, *out.format().oformat); !done)
    return done;
  if (in.disposition & AV_DISPOSITION_ATTACHED_PIC) {
    packet_ptr picture{av_packet_clone(&in.attached_pic)};
    if (!picture || picture->size <= 0)
      return failure{ec::bad_input, "cover art", "it is empty", ""};
    picture->pts = picture->dts = 0;
    out.add_picture(stream.index, std::move(picture));
  } else if (wanted.kind != stream_kind::attachment) {
    routes_[wanted.source].direct.push_back({&out, stream.index, nullptr});
  }
  return {};
}

outcome<void> pipeline::add_video(size_t output, const stream_plan& wanted) {
  auto& out = *muxers_[output];
  if (!video_branches_.empty() && video_source_ != wanted.source)
    return failure{ec::internal, "plan", "encodes two video streams",
                   "report this"};
  video_source_ = wanted.source;
  auto encoder = open_video_encoder(wanted.video, out.wants_global_header());
  if (!encoder)
    return encoder.error();
  auto& stream = out.add_stream();
  auto& info = media_.streams[wanted.source];
  if (auto done = set_up_encoded(stream, *source_.stream(wanted.source),
                                 **encoder, *out.format().oformat,
                                 wanted.video.keep_hdr ? &info.hdr : nullptr);
      !done)
    return done;
  video_branches_.push_back(
      {&wanted.video, std::move(*encoder), &out, stream.index});
  return {};
}

outcome<void> pipeline::add_audio(size_t output, const stream_plan& wanted) {
  auto& out = *muxers_[output];
  auto& in = *source_.stream(wanted.source);
  auto& branches = audio_branches_[wanted.source];
  // The renditions of a ladder want the same sound: it is encoded once.
  for (auto& branch : branches)
    if (same_sound(*branch.plan, wanted.audio)
        && branch.targets.front().out->wants_global_header()
               == out.wants_global_header()) {
      auto& stream = out.add_stream();
      branch.targets.push_back({&out, stream.index});
      origins_[output].back().padding_s = padding_of(*branch.encoder);
      return set_up_encoded(stream, in, *branch.encoder, *out.format().oformat,
                            nullptr);
    }
  auto encoder = open_audio_encoder(wanted.audio, out.wants_global_header());
  if (!encoder)
    return encoder.error();
  auto& stream = out.add_stream();
  if (auto done =
          set_up_encoded(stream, in, **encoder, *out.format().oformat, nullptr);
      !done)
    return done;
  origins_[output].back().padding_s = padding_of(**encoder);
  branches.push_back(
      {&wanted.audio, std::move(*encoder), {{&out, stream.index}}});
  return {};
}

outcome<void> pipeline::add_subtitle(size_t output, const stream_plan& wanted) {
  auto& out = *muxers_[output];
  auto& in = *source_.stream(wanted.source);
  auto& stream = out.add_stream();
  auto chain =
      subtitle_chain::open(in, wanted.subtitle_encoder, out, stream.index);
  if (!chain)
    return chain.error();
  if (auto done = set_up_encoded(stream, in, chain->encoder(),
                                 *out.format().oformat, nullptr);
      !done)
    return done;
  routes_[wanted.source].direct.push_back(
      {&out, stream.index,
       std::make_unique<subtitle_chain>(std::move(*chain))});
  return {};
}

outcome<void> pipeline::open_chains() {
  if (!video_branches_.empty())
    if (auto opened = open_video_chain(); !opened)
      return opened;
  for (auto& [index, branches] : audio_branches_) {
    auto& stream = *source_.stream(index);
    auto sound = decoder::open(stream, 1, limits_.max_pixels);
    if (!sound)
      return sound.error();
    routes_[index].sound = std::make_unique<audio_chain>(
        stream, std::move(*sound), std::move(branches), counters_, stop_);
  }
  // What nobody wants isn't read from the file where the container allows it.
  for (uint32_t i = 0; i < source_.streams(); ++i)
    if (!routes_.contains(i))
      source_.stream(i)->discard = AVDISCARD_ALL;
  return {};
}

outcome<void> pipeline::open_video_chain() {
  auto& stream = *source_.stream(video_source_);
  auto pictures =
      decoder::open(stream, plan_.decoder_threads, limits_.max_pixels);
  if (!pictures)
    return pictures.error();
  auto& info = media_.streams[video_source_];
  routes_[video_source_].pictures = std::make_unique<video_chain>(
      stream, std::move(*pictures), info.width, info.height, plan_.common_steps,
      std::move(video_branches_), counters_, stop_);
  return {};
}

} // namespace troupe::session
