#include "encode/session/inspector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "encode/session/first_look.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/pixdesc.h>
}

namespace troupe::session {

namespace {

std::string or_empty(const char* text) {
  return text ? text : "";
}

color_description color_of(AVColorPrimaries primaries,
                           AVColorTransferCharacteristic transfer,
                           AVColorSpace matrix, AVColorRange range,
                           AVChromaLocation location) {
  color_description result;
  if (primaries != AVCOL_PRI_UNSPECIFIED && primaries != AVCOL_PRI_RESERVED0)
    result.primaries = or_empty(av_color_primaries_name(primaries));
  if (transfer != AVCOL_TRC_UNSPECIFIED && transfer != AVCOL_TRC_RESERVED0)
    result.transfer = or_empty(av_color_transfer_name(transfer));
  if (matrix != AVCOL_SPC_UNSPECIFIED && matrix != AVCOL_SPC_RESERVED)
    result.matrix = or_empty(av_color_space_name(matrix));
  if (range != AVCOL_RANGE_UNSPECIFIED)
    result.range = or_empty(av_color_range_name(range));
  if (location != AVCHROMA_LOC_UNSPECIFIED)
    result.chroma_location = or_empty(av_chroma_location_name(location));
  return result;
}

/// The eight symmetries of a rectangle, by the rows (a b) and (c d) of their
/// matrix in whole numbers. ISO 14496-12 multiplies row vectors, y grows down.
orientation orientation_of(const int32_t* matrix) {
  auto sign = [&](int i) {
    return std::abs(matrix[i]) < (1 << 10) ? 0 : (matrix[i] > 0 ? 1 : -1);
  };
  std::array<int, 4> m{sign(0), sign(1), sign(3), sign(4)};
  using table = std::pair<std::array<int, 4>, orientation>;
  static constexpr std::array<table, 8> symmetries{{
      {{1, 0, 0, 1}, orientation::upright},
      {{0, 1, -1, 0}, orientation::rotate_90},
      {{-1, 0, 0, -1}, orientation::rotate_180},
      {{0, -1, 1, 0}, orientation::rotate_270},
      {{-1, 0, 0, 1}, orientation::mirror},
      {{0, 1, 1, 0}, orientation::mirror_rotate_270},
      {{1, 0, 0, -1}, orientation::mirror_rotate_180},
      {{0, -1, -1, 0}, orientation::mirror_rotate_90},
  }};
  for (auto& [rows, turn] : symmetries)
    if (rows == m)
      return turn;
  return orientation::other;
}

hdr_metadata hdr_of(const AVMasteringDisplayMetadata* mastering,
                    const AVContentLightMetadata* light) {
  hdr_metadata result;
  if (mastering && mastering->has_primaries && mastering->has_luminance) {
    result.has_mastering = true;
    for (auto& point : mastering->display_primaries)
      for (auto& coordinate : point)
        result.primaries.push_back(av_q2d(coordinate));
    for (auto& coordinate : mastering->white_point)
      result.primaries.push_back(av_q2d(coordinate));
    result.min_luminance = av_q2d(mastering->min_luminance);
    result.max_luminance = av_q2d(mastering->max_luminance);
    for (auto& number : result.primaries)
      if (!std::isfinite(number))
        return {};
    if (!std::isfinite(result.min_luminance)
        || !std::isfinite(result.max_luminance))
      return {};
  }
  if (light && light->MaxCLL > 0) {
    result.has_light_level = true;
    result.max_cll = light->MaxCLL;
    result.max_fall = light->MaxFALL;
  }
  return result;
}

template <class T>
const T* side_data(const AVStream& stream, AVPacketSideDataType type) {
  size_t size = 0;
  auto data = av_stream_get_side_data(&stream, type, &size);
  return size >= sizeof(T) ? reinterpret_cast<const T*>(data) : nullptr;
}

template <class T>
const T* side_data(const AVFrame& frame, AVFrameSideDataType type) {
  auto data = av_frame_get_side_data(&frame, type);
  return data ? reinterpret_cast<const T*>(data->data) : nullptr;
}

std::string field_order_of(AVFieldOrder order) {
  switch (order) {
    case AV_FIELD_PROGRESSIVE:
      return "progressive";
    case AV_FIELD_TT:
    case AV_FIELD_BT: // coded bottom first, shown top first
      return "tff";
    case AV_FIELD_BB:
    case AV_FIELD_TB:
      return "bff";
    default:
      return "";
  }
}

void describe_pixels(stream_info& info, AVPixelFormat format) {
  auto descriptor = av_pix_fmt_desc_get(format);
  if (!descriptor)
    return;
  info.pixel_format = descriptor->name;
  info.bit_depth = static_cast<uint32_t>(descriptor->comp[0].depth);
  info.rgb =
      (descriptor->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
  info.alpha = (descriptor->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
}

void describe_video(stream_info& info, const AVStream& stream) {
  auto& parameters = *stream.codecpar;
  info.width = static_cast<uint32_t>(std::max(parameters.width, 0));
  info.height = static_cast<uint32_t>(std::max(parameters.height, 0));
  auto aspect = stream.sample_aspect_ratio.num > 0
                    ? stream.sample_aspect_ratio
                    : parameters.sample_aspect_ratio;
  info.sample_aspect = aspect.num > 0 ? from_av(aspect) : rational{};
  describe_pixels(info, static_cast<AVPixelFormat>(parameters.format));
  info.frame_rate = from_av(stream.avg_frame_rate);
  info.base_frame_rate = from_av(stream.r_frame_rate);
  info.field_order = field_order_of(parameters.field_order);
  info.color = color_of(parameters.color_primaries, parameters.color_trc,
                        parameters.color_space, parameters.color_range,
                        parameters.chroma_location);
  info.hdr = hdr_of(side_data<AVMasteringDisplayMetadata>(
                        stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA),
                    side_data<AVContentLightMetadata>(
                        stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL));
  info.dolby_vision =
      av_stream_get_side_data(&stream, AV_PKT_DATA_DOVI_CONF, nullptr);
  if (auto matrix =
          side_data<std::array<int32_t, 9>>(stream, AV_PKT_DATA_DISPLAYMATRIX))
    info.turn = orientation_of(matrix->data());
  info.attached_picture =
      (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
  info.decodable =
      info.width > 0 && info.height > 0 && parameters.format != AV_PIX_FMT_NONE;
}

void describe_audio(stream_info& info, const AVStream& stream) {
  auto& parameters = *stream.codecpar;
  info.sample_rate = static_cast<uint32_t>(std::max(parameters.sample_rate, 0));
  auto& layout = parameters.ch_layout;
  info.channels = static_cast<uint32_t>(std::max(layout.nb_channels, 0));
  char name[128] = {};
  if (layout.order != AV_CHANNEL_ORDER_UNSPEC
      && av_channel_layout_describe(&layout, name, sizeof(name)) > 0)
    info.channel_layout = name;
  info.sample_format = or_empty(
      av_get_sample_fmt_name(static_cast<AVSampleFormat>(parameters.format)));
  auto bits = parameters.bits_per_raw_sample > 0
                  ? parameters.bits_per_raw_sample
                  : parameters.bits_per_coded_sample;
  auto lossy = avcodec_descriptor_get(parameters.codec_id);
  if (lossy && (lossy->props & AV_CODEC_PROP_LOSSLESS))
    info.bits_per_sample = static_cast<uint32_t>(std::max(bits, 0));
  info.decodable = info.sample_rate > 0 && info.channels > 0
                   && parameters.format != AV_SAMPLE_FMT_NONE;
}

void describe_timing(stream_info& info, const AVStream& stream) {
  info.time_base = from_av(stream.time_base);
  info.start_s = seconds(stream.start_time, stream.time_base);
  info.duration_s = std::max(0.0, seconds(stream.duration, stream.time_base));
  info.bit_rate = std::max<int64_t>(stream.codecpar->bit_rate, 0);
  info.frames = std::max<int64_t>(stream.nb_frames, 0);
}

stream_kind kind_of(AVMediaType type) {
  switch (type) {
    case AVMEDIA_TYPE_VIDEO:
      return stream_kind::video;
    case AVMEDIA_TYPE_AUDIO:
      return stream_kind::audio;
    case AVMEDIA_TYPE_SUBTITLE:
      return stream_kind::subtitle;
    case AVMEDIA_TYPE_ATTACHMENT:
      return stream_kind::attachment;
    default:
      return stream_kind::data;
  }
}

std::vector<std::string> dispositions_of(int disposition) {
  std::vector<std::string> result;
  for (int bit = 1; bit > 0 && bit <= AV_DISPOSITION_STILL_IMAGE; bit <<= 1)
    if (disposition & bit)
      if (auto name = av_disposition_to_string(bit))
        result.emplace_back(name);
  return result;
}

stream_info describe(const AVStream& stream) {
  auto& parameters = *stream.codecpar;
  stream_info info;
  info.index = static_cast<uint32_t>(stream.index);
  info.kind = kind_of(parameters.codec_type);
  info.codec = avcodec_get_name(parameters.codec_id);
  info.profile =
      or_empty(avcodec_profile_name(parameters.codec_id, parameters.profile));
  info.tags = from_av(stream.metadata);
  info.dispositions = dispositions_of(stream.disposition);
  describe_timing(info, stream);
  for (int i = 0; i < stream.nb_side_data; ++i)
    info.side_data.push_back(
        or_empty(av_packet_side_data_name(stream.side_data[i].type)));
  switch (info.kind) {
    case stream_kind::video:
      describe_video(info, stream);
      break;
    case stream_kind::audio:
      describe_audio(info, stream);
      break;
    case stream_kind::subtitle: {
      auto descriptor = avcodec_descriptor_get(parameters.codec_id);
      info.image_based =
          descriptor && (descriptor->props & AV_CODEC_PROP_BITMAP_SUB);
      info.decodable = true;
      break;
    }
    default:
      info.file_name = tag_value(info.tags, "filename");
      info.mime_type = tag_value(info.tags, "mimetype");
      break;
  }
  if (!avcodec_find_decoder(parameters.codec_id))
    info.decodable = false;
  return info;
}

/// A decoded picture knows better than the headers; where it is silent, they
/// stand.
void refine(stream_info& info, const AVFrame& picture) {
  auto color =
      color_of(picture.color_primaries, picture.color_trc, picture.colorspace,
               picture.color_range, picture.chroma_location);
  auto prefer = [](std::string& known, const std::string& seen) {
    if (!seen.empty())
      known = seen;
  };
  prefer(info.color.primaries, color.primaries);
  prefer(info.color.transfer, color.transfer);
  prefer(info.color.matrix, color.matrix);
  prefer(info.color.range, color.range);
  prefer(info.color.chroma_location, color.chroma_location);
  describe_pixels(info, static_cast<AVPixelFormat>(picture.format));
  // Cropping is applied by the decoder, so the picture's size is the truth.
  info.width = static_cast<uint32_t>(picture.width);
  info.height = static_cast<uint32_t>(picture.height);
  auto hdr = hdr_of(side_data<AVMasteringDisplayMetadata>(
                        picture, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
                    side_data<AVContentLightMetadata>(
                        picture, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL));
  if (hdr.has_mastering) {
    hdr.has_light_level = hdr.has_light_level || info.hdr.has_light_level;
    hdr.max_cll = std::max(hdr.max_cll, info.hdr.max_cll);
    hdr.max_fall = std::max(hdr.max_fall, info.hdr.max_fall);
    info.hdr = hdr;
  } else if (hdr.has_light_level) {
    info.hdr.has_light_level = true;
    info.hdr.max_cll = hdr.max_cll;
    info.hdr.max_fall = hdr.max_fall;
  }
  info.closed_captions =
      av_frame_get_side_data(&picture, AV_FRAME_DATA_A53_CC) != nullptr;
  if (picture.interlaced_frame)
    info.field_order = picture.top_field_first ? "tff" : "bff";
}

void look_closer(media_info& media, packet_source& source) {
  auto& info = media.streams[static_cast<size_t>(media.best_video)];
  auto look = look_at_video(source, media.best_video);
  if (look.constant_rate) {
    info.constant_rate = true;
    info.frame_rate = from_av(look.rate);
  }
  if (look.picture)
    refine(info, *look.picture);
}

std::vector<chapter> chapters_of(const AVFormatContext& format) {
  std::vector<chapter> result;
  for (unsigned i = 0; i < format.nb_chapters; ++i) {
    auto& one = *format.chapters[i];
    result.push_back({seconds(one.start, one.time_base),
                      seconds(one.end, one.time_base), from_av(one.metadata)});
  }
  return result;
}

bool is_cover_art(const AVStream& stream) {
  return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

/// The largest picture; a default track counts as if it had so many pixels
/// more, which is how the ffmpeg command weighs it.
constexpr int64_t worth_of_default = 5'000'000;

int32_t best_video(const AVFormatContext& format) {
  int32_t result = -1;
  int64_t best = -1;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    auto& stream = *format.streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_VIDEO
        || is_cover_art(stream))
      continue;
    auto worth =
        int64_t{stream.codecpar->width} * stream.codecpar->height
        + (stream.disposition & AV_DISPOSITION_DEFAULT ? worth_of_default : 0);
    if (worth <= best)
      continue;
    best = worth;
    result = static_cast<int32_t>(i);
  }
  return result;
}

int32_t best_audio(AVFormatContext& format) {
  return std::max(
      -1, av_find_best_stream(&format, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0));
}

} // namespace

media_info inspect_source(packet_source& source) {
  auto& format = *source.format();
  media_info media;
  media.format = format.iformat->name;
  media.format_name = or_empty(format.iformat->long_name);
  media.size_bytes = source.size_bytes();
  media.start_s = static_cast<double>(source.start_us()) / AV_TIME_BASE;
  if (format.duration > 0)
    media.duration_s = static_cast<double>(format.duration) / AV_TIME_BASE;
  media.bit_rate = std::max<int64_t>(format.bit_rate, 0);
  media.tags = from_av(format.metadata);
  media.chapters = chapters_of(format);
  for (unsigned i = 0; i < format.nb_streams; ++i)
    media.streams.push_back(describe(*format.streams[i]));
  media.best_video = best_video(format);
  media.best_audio = best_audio(format);
  if (media.best_video >= 0)
    look_closer(media, source);
  return media;
}

} // namespace troupe::session
