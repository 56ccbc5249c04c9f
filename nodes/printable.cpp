#include "nodes/printable.hpp"

#include <algorithm>
#include <cstdint>

#include <spdlog/fmt/fmt.h>

namespace troupe {

namespace {

/// A character of UTF-8; size 0 when the bytes are none.
struct character {
  uint32_t value = 0;
  size_t size = 0;
};

/// Reads the first character. Overlong forms, surrogates and values past
/// Unicode's end are no characters.
character first_character(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  if (byte(0) < 0x80)
    return {byte(0), 1};
  size_t size = byte(0) >= 0xf0   ? 4
                : byte(0) >= 0xe0 ? 3
                : byte(0) >= 0xc2 ? 2
                                  : 0;
  if (size == 0 || byte(0) > 0xf4 || text.size() < size)
    return {};
  uint32_t value = byte(0) & (0x7f >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {};
    value = value << 6 | (byte(i) & 0x3f);
  }
  auto overlong =
      (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  auto surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff)
    return {};
  return {value, size};
}

bool is_control(uint32_t value) {
  return value < 0x20 || (value >= 0x7f && value < 0xa0);
}

/// Marks that make text show in another order than it stands, and invisible
/// separators that some terminals take for line ends.
bool is_treacherous(uint32_t value) {
  return (value >= 0x202a && value <= 0x202e)
         || (value >= 0x2066 && value <= 0x2069) || value == 0x200e
         || value == 0x200f || value == 0x061c || value == 0x2028
         || value == 0x2029 || value == 0xfeff;
}

bool starts_character(char c) {
  return (static_cast<uint8_t>(c) & 0xc0) != 0x80;
}

void append_escaped(std::string& to, std::string_view bytes) {
  for (auto byte : bytes)
    to += fmt::format("\\x{:02x}", static_cast<uint8_t>(byte));
}

} // namespace

std::string printable(std::string_view text, bool utf8) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto next = first_character(text);
    auto bytes = text.substr(0, std::max<size_t>(next.size, 1));
    if (next.size == 0 || is_control(next.value)
        || (!utf8 && next.value >= 0x80))
      append_escaped(result, bytes);
    else if (is_treacherous(next.value))
      result += fmt::format("\\u{{{:04x}}}", next.value);
    else
      result += bytes;
    text.remove_prefix(bytes.size());
  }
  return result;
}

size_t columns_of(std::string_view printable_text) {
  return static_cast<size_t>(std::count_if(
      printable_text.begin(), printable_text.end(), starts_character));
}

std::string_view first_columns(std::string_view printable_text,
                               size_t columns) {
  size_t seen = 0;
  for (size_t i = 0; i < printable_text.size(); ++i)
    if (starts_character(printable_text[i]) && seen++ == columns)
      return printable_text.substr(0, i);
  return printable_text;
}

} // namespace troupe
