#include "encode/session/stream_setup.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/avstring.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mathematics.h>
}

namespace troupe::session {

namespace {

/// Tags that describe the source's coding or container, not the work.
constexpr std::array stale_tags{
    std::string_view{"major_brand"},
    std::string_view{"minor_version"},
    std::string_view{"compatible_brands"},
    std::string_view{"encoder"},
    std::string_view{"duration"},
    std::string_view{"bps"},
    std::string_view{"number_of_frames"},
    std::string_view{"number_of_bytes"},
    std::string_view{"rotate"},
    std::string_view{"creation_app"},
};

bool equal_fold(std::string_view left, std::string_view right) {
  return left.size() == right.size()
         && av_strncasecmp(left.data(), right.data(), left.size()) == 0;
}

bool is_stale(std::string_view key) {
  // mkvmerge's statistics: BPS-eng, _STATISTICS_TAGS, NUMBER_OF_FRAMES-eng.
  if (key.starts_with("_STATISTICS"))
    return true;
  auto base = key.substr(0, key.find('-'));
  for (auto stale : stale_tags)
    if (equal_fold(base, stale))
      return true;
  return false;
}

void carry_tags(AVDictionary** out, const AVDictionary* in) {
  const AVDictionaryEntry* entry = nullptr;
  while ((entry = av_dict_get(in, "", entry, AV_DICT_IGNORE_SUFFIX)))
    if (!is_stale(entry->key))
      av_dict_set(out, entry->key, entry->value, 0);
}

/// QuickTime numbers languages, and libav's table of the numbers has one of the
/// two words that ISO 639-2 knows for some; the other would be lost.
constexpr std::array<std::pair<std::string_view, const char*>, 18>
    quicktime_words{{
        {"deu", "ger"},
        {"nld", "dut"},
        {"fre", "fra"},
        {"ell", "gre"},
        {"isl", "ice"},
        {"zho", "chi"},
        {"sqi", "alb"},
        {"rum", "ron"},
        {"cze", "ces"},
        {"slo", "slk"},
        {"mkd", "mac"},
        {"hye", "arm"},
        {"kat", "geo"},
        {"bod", "tib"},
        {"mya", "bur"},
        {"msa", "may"},
        {"cym", "wel"},
        {"eus", "baq"},
    }};

void use_quicktime_word(AVDictionary** tags) {
  auto entry = av_dict_get(*tags, "language", nullptr, 0);
  if (!entry)
    return;
  for (auto& [word, known] : quicktime_words)
    if (word == entry->value) {
      av_dict_set(tags, "language", known, 0);
      return;
    }
}

void carry_labels(AVStream& out, const AVStream& in,
                  const AVOutputFormat& container) {
  carry_tags(&out.metadata, in.metadata);
  if (std::string_view{container.name} == "mov")
    use_quicktime_word(&out.metadata);
  out.disposition = in.disposition;
}

outcome<void> carry_side_data(AVStream& out, const AVStream& in,
                              AVPacketSideDataType type) {
  size_t size = 0;
  auto from = av_stream_get_side_data(&in, type, &size);
  if (!from)
    return {};
  auto to = av_stream_new_side_data(&out, type, size);
  if (!to)
    throw std::bad_alloc{};
  std::memcpy(to, from, size);
  return {};
}

AVRational precise(double x) {
  return av_d2q(x, 1 << 24);
}

template <class T>
void add_side_data(AVStream& out, AVPacketSideDataType type, const T& value) {
  auto data = av_stream_new_side_data(&out, type, sizeof(T));
  if (!data)
    throw std::bad_alloc{};
  std::memcpy(data, &value, sizeof(T));
}

void add_hdr(AVStream& out, const hdr_metadata& hdr) {
  if (hdr.has_mastering && hdr.primaries.size() == 8) {
    AVMasteringDisplayMetadata value{};
    for (size_t i = 0; i < 8; ++i)
      (i < 6 ? value.display_primaries[i / 2][i % 2]
             : value.white_point[i - 6]) = precise(hdr.primaries[i]);
    value.min_luminance = precise(hdr.min_luminance);
    value.max_luminance = precise(hdr.max_luminance);
    value.has_primaries = value.has_luminance = 1;
    add_side_data(out, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, value);
  }
  if (hdr.has_light_level) {
    AVContentLightMetadata value{};
    value.MaxCLL = hdr.max_cll;
    value.MaxFALL = hdr.max_fall;
    add_side_data(out, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, value);
  }
}

} // namespace

outcome<void> set_up_copy(AVStream& out, const AVStream& in,
                          const AVOutputFormat& container) {
  if (auto rc = avcodec_parameters_copy(out.codecpar, in.codecpar); rc < 0)
    return av_failure(rc, "avcodec_parameters_copy", "", ec::internal);
  // A tag that means this codec in the source's container may mean nothing, or
  // another codec, in this one.
  auto tag = in.codecpar->codec_tag;
  if (!container.codec_tag
      || av_codec_get_id(container.codec_tag, tag) != in.codecpar->codec_id)
    out.codecpar->codec_tag = 0;
  out.time_base = in.time_base;
  out.avg_frame_rate = in.avg_frame_rate;
  out.r_frame_rate = in.r_frame_rate;
  out.sample_aspect_ratio = in.sample_aspect_ratio;
  if (out.sample_aspect_ratio.num > 0)
    out.codecpar->sample_aspect_ratio = out.sample_aspect_ratio;
  for (int i = 0; i < in.nb_side_data; ++i)
    if (auto done = carry_side_data(out, in, in.side_data[i].type); !done)
      return done;
  carry_labels(out, in, container);
  return {};
}

outcome<void> set_up_encoded(AVStream& out, const AVStream& in,
                             const AVCodecContext& encoder,
                             const AVOutputFormat& container,
                             const hdr_metadata* hdr) {
  if (auto rc = avcodec_parameters_from_context(out.codecpar, &encoder); rc < 0)
    return av_failure(rc, "avcodec_parameters_from_context", "", ec::internal);
  out.time_base = encoder.time_base;
  carry_labels(out, in, container);
  if (encoder.codec_type == AVMEDIA_TYPE_VIDEO) {
    out.avg_frame_rate = encoder.framerate;
    out.sample_aspect_ratio = encoder.sample_aspect_ratio;
    for (auto type : {AV_PKT_DATA_SPHERICAL, AV_PKT_DATA_STEREO3D})
      if (auto done = carry_side_data(out, in, type); !done)
        return done;
    if (hdr)
      add_hdr(out, *hdr);
  }
  return {};
}

outcome<void> set_up_attached_picture(AVStream& out, const AVStream& in) {
  auto& picture = in.attached_pic;
  if (picture.size <= 0)
    return failure{ec::bad_input, "cover art", "it is empty", ""};
  auto data = static_cast<uint8_t*>(av_mallocz(static_cast<size_t>(picture.size)
                                               + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!data)
    throw std::bad_alloc{};
  std::memcpy(data, picture.data, static_cast<size_t>(picture.size));
  auto png = in.codecpar->codec_id == AV_CODEC_ID_PNG;
  out.codecpar->codec_type = AVMEDIA_TYPE_ATTACHMENT;
  out.codecpar->codec_id = in.codecpar->codec_id;
  out.codecpar->extradata = data;
  out.codecpar->extradata_size = picture.size;
  carry_tags(&out.metadata, in.metadata);
  // The names by which matroska players find a cover.
  av_dict_set(&out.metadata, "filename", png ? "cover.png" : "cover.jpg", 0);
  av_dict_set(&out.metadata, "mimetype", png ? "image/png" : "image/jpeg", 0);
  return {};
}

void carry_file_metadata(AVFormatContext& out, const AVFormatContext& in,
                         bool chapters, int64_t start_us) {
  carry_tags(&out.metadata, in.metadata);
  if (!chapters)
    return;
  for (unsigned i = 0; i < in.nb_chapters; ++i) {
    auto& from = *in.chapters[i];
    auto shift = av_rescale_q(start_us, AV_TIME_BASE_Q, from.time_base);
    auto to = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
    if (!to)
      throw std::bad_alloc{};
    to->id = from.id;
    to->time_base = from.time_base;
    to->start = std::max<int64_t>(from.start - shift, 0);
    to->end = std::max<int64_t>(from.end - shift, to->start);
    av_dict_copy(&to->metadata, from.metadata, 0);
    int count = static_cast<int>(out.nb_chapters);
    av_dynarray_add(&out.chapters, &count, to);
    out.nb_chapters = static_cast<unsigned>(count);
  }
}

} // namespace troupe::session
