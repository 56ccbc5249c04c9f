#include "encode/notes.hpp"

#include <algorithm>

namespace troupe {

namespace {

std::string_view word(stream_kind kind) {
  switch (kind) {
    case stream_kind::video:
      return "video stream";
    case stream_kind::audio:
      return "audio stream";
    case stream_kind::subtitle:
      return "subtitle stream";
    case stream_kind::attachment:
      return "attachment";
    case stream_kind::data:
      return "data stream";
  }
  return "stream";
}

void add_once(std::vector<std::string>& lines, std::string line) {
  if (std::ranges::find(lines, line) == lines.end())
    lines.push_back(std::move(line));
}

} // namespace

std::string describe(const stream_info& stream) {
  std::string result{stream.attached_picture ? "cover art" : word(stream.kind)};
  result += " " + std::to_string(stream.index);
  auto details =
      stream.kind == stream_kind::attachment && !stream.file_name.empty()
          ? stream.file_name
          : stream.codec;
  if (details == "none")
    details.clear();
  auto language = tag_value(stream.tags, "language");
  if (!language.empty() && language != "und")
    details += details.empty() ? language : ", " + language;
  return details.empty() ? result : result + " (" + details + ")";
}

void notes::drop(const std::string& what, const std::string& why) {
  add_once(dropped, what + ": " + why);
}

void notes::drop(const stream_info& stream, const std::string& why) {
  drop(describe(stream), why);
}

void notes::warn(const std::string& line) {
  add_once(warnings, line);
}

} // namespace troupe
