#include <array>

#include "nodes/json.hpp"
#include "nodes/media_words.hpp"

namespace troupe {

namespace {

void put_text(json& to, const char* key, const std::string& value) {
  if (!value.empty())
    to[key] = value;
}

json to_json(const color_description& color) {
  auto result = json::object();
  put_text(result, "primaries", color.primaries);
  put_text(result, "transfer", color.transfer);
  put_text(result, "matrix", color.matrix);
  put_text(result, "range", color.range);
  put_text(result, "chroma_location", color.chroma_location);
  return result;
}

json to_json(const hdr_metadata& hdr) {
  auto result = json::object();
  if (hdr.has_mastering && hdr.primaries.size() == 8) {
    constexpr std::array names = {"red", "green", "blue", "white"};
    json mastering = json::object();
    for (size_t i = 0; i < names.size(); ++i)
      mastering[names[i]] = {json_number(hdr.primaries[2 * i]),
                             json_number(hdr.primaries[2 * i + 1])};
    mastering["min_luminance"] = json_number(hdr.min_luminance);
    mastering["max_luminance"] = json_number(hdr.max_luminance);
    result["mastering_display"] = std::move(mastering);
  }
  if (hdr.has_light_level)
    result["content_light_level"] = {{"max_cll", hdr.max_cll},
                                     {"max_fall", hdr.max_fall}};
  return result;
}

void put_video(json& to, const stream_info& x) {
  to["width"] = x.width;
  to["height"] = x.height;
  if (auto aspect = sample_aspect_words(x); !aspect.empty()) {
    to["sample_aspect"] = aspect;
    to["display_aspect"] = display_aspect_words(x);
  }
  to["pixel_format"] = x.pixel_format;
  to["bit_depth"] = x.bit_depth;
  to["rgb"] = x.rgb;
  to["alpha"] = x.alpha;
  to["attached_picture"] = x.attached_picture;
  if (x.frame_rate.num != 0) {
    to["frame_rate"] = fraction_words(x.frame_rate);
    to["fps"] = json_number(to_double(x.frame_rate));
  }
  if (x.base_frame_rate.num != 0)
    to["base_frame_rate"] = fraction_words(x.base_frame_rate);
  to["constant_rate"] = x.constant_rate;
  put_text(to, "field_order", x.field_order);
  to["color"] = to_json(x.color);
  if (x.hdr.has_mastering || x.hdr.has_light_level)
    to["hdr"] = to_json(x.hdr);
  to["dolby_vision"] = x.dolby_vision;
  to["closed_captions"] = x.closed_captions;
  to["rotation"] = rotation_degrees(x.turn);
  to["mirrored"] = is_mirrored(x.turn);
}

void put_audio(json& to, const stream_info& x) {
  to["sample_rate"] = x.sample_rate;
  to["channels"] = x.channels;
  put_text(to, "channel_layout", x.channel_layout);
  put_text(to, "sample_format", x.sample_format);
  if (x.bits_per_sample != 0)
    to["bits_per_sample"] = x.bits_per_sample;
}

void put_timing(json& to, const stream_info& x) {
  to["time_base"] = fraction_words(x.time_base);
  to["start_s"] = json_number(x.start_s);
  to["duration_s"] = json_number(x.duration_s);
  to["bit_rate"] = x.bit_rate;
  if (x.frames != 0)
    to["frames"] = x.frames;
}

json to_json(const stream_info& x) {
  json result = {{"index", x.index},
                 {"kind", kind_words(x.kind)},
                 {"codec", x.codec},
                 {"decodable", x.decodable}};
  put_text(result, "profile", x.profile);
  put_text(result, "language", tag_value(x.tags, "language"));
  put_text(result, "title", tag_value(x.tags, "title"));
  result["dispositions"] = x.dispositions;
  if (x.kind != stream_kind::attachment)
    put_timing(result, x);
  switch (x.kind) {
    case stream_kind::video:
      put_video(result, x);
      break;
    case stream_kind::audio:
      put_audio(result, x);
      break;
    case stream_kind::subtitle:
      result["image_based"] = x.image_based;
      break;
    case stream_kind::attachment:
      result["file_name"] = x.file_name;
      result["mime_type"] = x.mime_type;
      break;
    case stream_kind::data:
      break;
  }
  result["side_data"] = x.side_data;
  result["tags"] = to_json(x.tags);
  return result;
}

json to_json(const chapter& x) {
  return {{"start_s", json_number(x.start_s)},
          {"end_s", json_number(x.end_s)},
          {"title", tag_value(x.tags, "title")},
          {"tags", to_json(x.tags)}};
}

} // namespace

json to_json(const std::string& file, const media_info& media) {
  auto chapters = json::array();
  for (const auto& x : media.chapters)
    chapters.push_back(to_json(x));
  auto streams = json::array();
  for (const auto& x : media.streams)
    streams.push_back(to_json(x));
  return {
      {"file", file},
      {"format", media.format},
      {"format_name", media.format_name},
      {"size_bytes", media.size_bytes},
      {"duration_s", json_number(media.duration_s)},
      {"start_s", json_number(media.start_s)},
      {"bit_rate", media.bit_rate},
      {"tags", to_json(media.tags)},
      {"chapters", std::move(chapters)},
      {"streams", std::move(streams)},
      {"warnings", media.warnings},
  };
}

} // namespace troupe
