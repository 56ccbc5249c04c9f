#include "encode/extras.hpp"

#include <algorithm>

namespace troupe {

namespace {

stream_plan taken(const stream_info& stream, stream_action action) {
  stream_plan result;
  result.source = stream.index;
  result.kind = stream.kind;
  result.action = action;
  return result;
}

std::string holds_no(const container_rules& rules, const std::string& what) {
  return std::string{rules.name} + " holds no " + what;
}

/// Formats whose looks (fonts, places, colours) plain text can't have.
bool is_styled(const std::string& codec) {
  return codec == "ass" || codec == "ssa";
}

/// Codecs that draw their text into pictures when decoded, or need a library
/// that isn't there: no text comes out of them.
bool is_teletext(const std::string& codec) {
  return codec == "dvb_teletext" || codec == "arib_caption";
}

void plan_subtitle(const stream_info& stream, const container_rules& rules,
                   std::vector<stream_plan>& plans, notes& told) {
  if (holds(rules.subtitles, stream.codec)) {
    plans.push_back(taken(stream, stream_action::copy));
    return;
  }
  if (stream.image_based)
    return told.drop(stream, holds_no(rules, rules.subtitles.empty()
                                                 ? "subtitles"
                                                 : "image-based subtitles of "
                                                   "this kind"));
  if (is_teletext(stream.codec))
    return told.drop(stream, holds_no(rules, "teletext"));
  if (rules.text_subtitles.empty())
    return told.drop(stream, holds_no(rules, "text subtitles"));
  if (!stream.decodable)
    return told.drop(stream, "it can't be decoded");
  auto plan = taken(stream, stream_action::encode);
  // libav's encoders of text are called like their codecs.
  plan.subtitle_encoder = rules.text_subtitles;
  plans.push_back(std::move(plan));
  if (is_styled(stream.codec))
    told.drop("styles of " + describe(stream),
              std::string{rules.text_subtitles} + " holds plain text");
}

bool is_cover_codec(const std::string& codec) {
  return codec == "mjpeg" || codec == "png";
}

void plan_cover(const stream_info& stream, const container_rules& rules,
                std::vector<stream_plan>& plans, notes& told) {
  if (!rules.cover_art)
    return told.drop(stream, holds_no(rules, "cover art"));
  if (!is_cover_codec(stream.codec))
    return told.drop(stream, std::string{rules.name}
                                 + " takes covers as JPEG and PNG only");
  plans.push_back(taken(stream, rules.attachments ? stream_action::attach
                                                  : stream_action::copy));
}

/// Matroska wants a name and a type of each; it knows those of fonts.
bool is_complete(const stream_info& stream) {
  return !stream.file_name.empty()
         && (!stream.mime_type.empty() || stream.codec == "ttf"
             || stream.codec == "otf");
}

void plan_attachment(const stream_info& stream, const container_rules& rules,
                     std::vector<stream_plan>& plans, notes& told) {
  if (!rules.attachments)
    return told.drop(stream, holds_no(rules, "attachments"));
  if (!is_complete(stream))
    return told.drop(stream, "it says neither a name nor a type for itself");
  plans.push_back(taken(stream, stream_action::copy));
}

/// The muxers of mp4 and mov write a timecode track from the tag that the
/// demuxer made of the source's.
bool is_rewritten_timecode(const stream_info& stream,
                           const container_rules& rules) {
  auto timecode = !tag_value(stream.tags, "timecode").empty();
  return timecode && (rules.muxer == "mp4" || rules.muxer == "mov");
}

void note_data(const stream_info& stream, const container_rules& rules,
               notes& told) {
  if (is_rewritten_timecode(stream, rules))
    return;
  auto timecode = !tag_value(stream.tags, "timecode").empty();
  told.drop(stream, timecode ? holds_no(rules, "timecode track")
                             : "no player shows data of this kind");
}

} // namespace

std::vector<stream_plan> plan_subtitles(const media_info& media,
                                        const container_rules& rules,
                                        notes& told) {
  std::vector<stream_plan> plans;
  for (const auto& stream : media.streams)
    if (stream.kind == stream_kind::subtitle)
      plan_subtitle(stream, rules, plans, told);
  return plans;
}

std::vector<stream_plan> plan_extras(const media_info& media,
                                     const container_rules& rules,
                                     notes& told) {
  std::vector<stream_plan> plans;
  for (const auto& stream : media.streams) {
    if (stream.kind == stream_kind::video && stream.attached_picture)
      plan_cover(stream, rules, plans, told);
    else if (stream.kind == stream_kind::data)
      note_data(stream, rules, told);
  }
  for (const auto& stream : media.streams)
    if (stream.kind == stream_kind::attachment)
      plan_attachment(stream, rules, plans, told);
  return plans;
}

} // namespace troupe
