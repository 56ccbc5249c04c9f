#include "encode/session/encoders.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/pixdesc.h>
}

namespace troupe::session {

namespace {

outcome<codec_ptr> allocate(const std::string& name) {
  auto codec = avcodec_find_encoder_by_name(name.c_str());
  if (!codec)
    return failure{ec::encoder_unavailable, name,
                   "this build of libavcodec doesn't have it",
                   "see `troupe probe` for those that work"};
  codec_ptr result{avcodec_alloc_context3(codec)};
  if (!result)
    throw std::bad_alloc{};
  // The same input and plan must give the same bytes.
  result->flags |= AV_CODEC_FLAG_BITEXACT;
  return result;
}

outcome<void> open(AVCodecContext& context,
                   const std::vector<option>& options) {
  dictionary values;
  for (auto& entry : options)
    values.set(entry.name.c_str(), entry.value);
  // A failed open leaves no codec in the context.
  std::string name = context.codec->name;
  if (auto rc = avcodec_open2(&context, context.codec, values.out()); rc < 0)
    return av_failure(rc, "avcodec_open2", name, ec::encoder_unavailable);
  if (auto key = values.leftover(); !key.empty())
    return failure{ec::internal, name, "has no option \"" + key + "\"",
                   "report this"};
  return {};
}

/// libav's tables answer unknown names with a negative number.
template <class Enum>
void set_if_known(Enum& field, int value) {
  if (value >= 0)
    field = static_cast<Enum>(value);
}

void set_fields(AVCodecContext& context, const std::string& order) {
  if (order.empty()) {
    context.field_order = AV_FIELD_PROGRESSIVE;
    return;
  }
  context.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
  context.field_order = order == "bff" ? AV_FIELD_BB : AV_FIELD_TT;
}

} // namespace

void set_color(AVCodecContext& context, const color_description& color) {
  set_if_known(context.color_primaries,
               av_color_primaries_from_name(color.primaries.c_str()));
  set_if_known(context.color_trc,
               av_color_transfer_from_name(color.transfer.c_str()));
  set_if_known(context.colorspace,
               av_color_space_from_name(color.matrix.c_str()));
  set_if_known(context.color_range,
               av_color_range_from_name(color.range.c_str()));
  set_if_known(context.chroma_sample_location,
               av_chroma_location_from_name(color.chroma_location.c_str()));
}

outcome<codec_ptr> open_video_encoder(const video_encode& plan,
                                      bool global_header) {
  auto result = allocate(plan.encoder);
  if (!result)
    return result;
  auto& context = **result;
  context.width = static_cast<int>(plan.width);
  context.height = static_cast<int>(plan.height);
  context.pix_fmt = av_get_pix_fmt(plan.pixel_format.c_str());
  context.time_base = to_av(plan.time_base);
  if (plan.frame_rate.num > 0)
    context.framerate = to_av(plan.frame_rate);
  if (plan.sample_aspect.num > 0)
    context.sample_aspect_ratio = to_av(plan.sample_aspect);
  context.thread_count = static_cast<int>(plan.threads);
  context.bit_rate = plan.bit_rate;
  if (plan.gop_size > 0)
    context.gop_size = static_cast<int>(plan.gop_size);
  if (global_header)
    context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  set_color(context, plan.color);
  set_fields(context, plan.field_order);
  if (auto opened = open(context, plan.options); !opened)
    return opened.error();
  return result;
}

outcome<codec_ptr> open_audio_encoder(const audio_encode& plan,
                                      bool global_header) {
  auto result = allocate(plan.encoder);
  if (!result)
    return result;
  auto& context = **result;
  context.sample_rate = static_cast<int>(plan.sample_rate);
  context.sample_fmt = av_get_sample_fmt(plan.sample_format.c_str());
  context.time_base = {1, context.sample_rate};
  context.bit_rate = plan.bit_rate;
  if (av_channel_layout_from_string(&context.ch_layout,
                                    plan.channel_layout.c_str())
      < 0)
    return failure{ec::internal, plan.encoder,
                   "unknown channel layout \"" + plan.channel_layout + "\"",
                   "report this"};
  if (global_header)
    context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (auto opened = open(context, plan.options); !opened)
    return opened.error();
  return result;
}

outcome<received> receive_packet(AVCodecContext& encoder, AVPacket& packet) {
  switch (auto rc = avcodec_receive_packet(&encoder, &packet); rc) {
    case 0:
      return received::item;
    case AVERROR(EAGAIN):
      return received::needs_input;
    case AVERROR_EOF:
      return received::finished;
    default:
      return av_failure(rc, "avcodec_receive_packet", encoder.codec->name,
                        ec::internal);
  }
}

} // namespace troupe::session
