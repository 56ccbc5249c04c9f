#include "nodes/inspect_text.hpp"

#include <cmath>
#include <string_view>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "nodes/media_words.hpp"
#include "nodes/printable.hpp"
#include "nodes/readable.hpp"
#include "nodes/table.hpp"

namespace troupe {

namespace {

/// Short phrases in a row; empty ones are left out.
class phrase {
public:
  phrase& add(std::string_view text) {
    if (text.empty())
      return *this;
    if (!text_.empty())
      text_ += ", ";
    text_ += text;
    return *this;
  }

  phrase& add_if(bool condition, std::string_view text) {
    return condition ? add(text) : *this;
  }

  const std::string& text() const { return text_; }

private:
  std::string text_;
};

/// A table whose rows are a name and a value; without a value there is no row.
class facts {
public:
  explicit facts(bool utf8) : table_(utf8) {}

  void add(const std::string& name, const std::string& value) {
    if (!value.empty())
      table_.add({name, value});
  }

  std::string text(size_t indent) const { return table_.text(indent); }

private:
  table table_;
};

std::string join(const std::vector<std::string>& words) {
  phrase result;
  for (const auto& word : words)
    result.add(word);
  return result.text();
}

std::string prefixed(std::string_view prefix, const std::string& value) {
  return value.empty() ? "" : std::string{prefix} + value;
}

std::string frame_rate(const stream_info& x) {
  if (x.attached_picture || x.frame_rate.num == 0)
    return "";
  auto rate = readable_number(to_double(x.frame_rate)) + " fps";
  return rate + (x.constant_rate ? " constant" : " on average");
}

std::string picture(const stream_info& x) {
  phrase result;
  result.add_if(x.attached_picture, "cover art")
      .add(fmt::format("{}x{}", x.width, x.height))
      .add(prefixed("SAR ", sample_aspect_words(x)))
      .add(prefixed("DAR ", display_aspect_words(x)))
      .add(frame_rate(x))
      .add(field_order_words(x.field_order))
      .add(orientation_words(x.turn))
      .add_if(x.closed_captions, "closed captions");
  return result.text();
}

std::string pixels(const stream_info& x) {
  phrase result;
  result.add(x.pixel_format)
      .add_if(x.bit_depth != 0, fmt::format("{} bit", x.bit_depth))
      .add_if(x.rgb, "RGB")
      .add_if(x.alpha, "with alpha");
  return result.text();
}

std::string color(const stream_info& x) {
  auto range = x.color.range == "tv"   ? "limited range"
               : x.color.range == "pc" ? "full range"
                                       : x.color.range;
  phrase result;
  result.add(prefixed("primaries ", x.color.primaries))
      .add(prefixed("transfer ", x.color.transfer))
      .add(prefixed("matrix ", x.color.matrix))
      .add(range)
      .add(prefixed("chroma ", x.color.chroma_location));
  return result.text();
}

std::string hdr(const stream_info& x) {
  phrase result;
  result.add(prefixed("mastering display ", mastering_words(x.hdr)))
      .add_if(x.hdr.has_light_level, fmt::format("content light level {},{}",
                                                 x.hdr.max_cll, x.hdr.max_fall))
      .add_if(x.dolby_vision, "Dolby Vision");
  return result.text();
}

std::string sound(const stream_info& x) {
  phrase result;
  result.add_if(x.sample_rate != 0, fmt::format("{} Hz", x.sample_rate))
      .add(x.channel_layout)
      .add_if(x.channels != 0, fmt::format("{} channel{}", x.channels,
                                           x.channels == 1 ? "" : "s"))
      .add(x.sample_format)
      .add_if(x.bits_per_sample != 0, fmt::format("{} bit", x.bits_per_sample));
  return result.text();
}

std::string timing(const stream_info& x) {
  phrase result;
  result.add_if(x.duration_s > 0, readable_duration(x.duration_s))
      .add_if(std::fabs(x.start_s) >= 0.0005,
              fmt::format("starts at {:.3f} s", x.start_s))
      .add_if(x.kind == stream_kind::video && x.frames > 0,
              fmt::format("{} frames", x.frames))
      .add_if(x.time_base.num != 0, "time base " + fraction_words(x.time_base));
  return result.text();
}

std::string codec(const stream_info& x) {
  auto name = x.codec.empty() ? std::string{"unknown codec"} : x.codec;
  if (!x.profile.empty())
    name += " (" + x.profile + ")";
  phrase result;
  result.add(name)
      .add_if(x.bit_rate > 0, readable_bit_rate(x.bit_rate))
      .add_if(x.kind == stream_kind::subtitle && x.image_based, "pictures")
      .add_if(!x.decodable
                  && (x.kind == stream_kind::video
                      || x.kind == stream_kind::audio
                      || x.kind == stream_kind::subtitle),
              "no decoder");
  return result.text();
}

/// Language and title stand on lines of their own already.
std::string other_tags(const std::vector<tag>& tags) {
  phrase result;
  for (const auto& x : tags)
    if (x.key != "language" && x.key != "title")
      result.add(x.key + "=" + x.value);
  return result.text();
}

std::string stream_text(const stream_info& x, bool utf8) {
  facts rows{utf8};
  rows.add("codec", codec(x));
  if (x.kind == stream_kind::video) {
    rows.add("picture", picture(x));
    rows.add("pixels", pixels(x));
    rows.add("color", color(x));
    rows.add("hdr", hdr(x));
  } else if (x.kind == stream_kind::audio) {
    rows.add("sound", sound(x));
  } else if (x.kind == stream_kind::attachment) {
    rows.add("file", phrase{}.add(x.file_name).add(x.mime_type).text());
  }
  if (x.kind != stream_kind::attachment)
    rows.add("time", timing(x));
  // "und" is how containers write that they don't know.
  if (auto language = tag_value(x.tags, "language"); language != "und")
    rows.add("language", language);
  rows.add("title", tag_value(x.tags, "title"));
  rows.add("is", join(x.dispositions));
  rows.add("carries", join(x.side_data));
  rows.add("tags", other_tags(x.tags));
  return fmt::format("\n#{} {}\n", x.index, kind_words(x.kind)) + rows.text(2);
}

std::string chapters_text(const media_info& media, bool utf8) {
  if (media.chapters.empty())
    return "";
  table rows{utf8};
  for (const auto& x : media.chapters)
    rows.add({readable_duration(x.start_s), readable_duration(x.end_s),
              tag_value(x.tags, "title")});
  return "\nchapters\n" + rows.text(2);
}

} // namespace

std::string inspect_text(const std::string& file, const media_info& media,
                         bool utf8) {
  facts rows{utf8};
  rows.add("format", media.format_name + " (" + media.format + ")");
  rows.add("size", readable_size(media.size_bytes) + " ("
                       + readable_count(media.size_bytes) + " bytes)");
  rows.add("duration", media.duration_s > 0
                           ? readable_duration(media.duration_s)
                           : std::string{"not known"});
  if (std::fabs(media.start_s) >= 0.0005)
    rows.add("start", fmt::format("{:.3f} s", media.start_s));
  if (media.bit_rate > 0)
    rows.add("bit rate", readable_bit_rate(media.bit_rate));
  for (const auto& x : media.tags)
    rows.add(x.key, x.value);
  auto result = printable(file, utf8) + '\n' + rows.text(2);
  for (const auto& x : media.streams)
    result += stream_text(x, utf8);
  result += chapters_text(media, utf8);
  for (const auto& warning : media.warnings)
    result += "\nwarning: " + printable(warning, utf8) + '\n';
  return result;
}

} // namespace troupe
