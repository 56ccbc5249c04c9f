#include "nodes/printable.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <locale.h>
#include <spdlog/fmt/fmt.h>
#include <wchar.h>

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

/// A locale that knows the characters of UTF-8, whatever the process has; none
/// where the system lacks it. Lives as long as the process.
locale_t utf8_locale() {
  static const auto result = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return result;
}

/// Makes this thread use that locale, where there is one, for a while.
class utf8_scope {
public:
  utf8_scope()
      : before_(utf8_locale() ? uselocale(utf8_locale()) : locale_t{}) {}

  ~utf8_scope() {
    if (before_)
      uselocale(before_);
  }

  utf8_scope(const utf8_scope&) = delete;
  utf8_scope& operator=(const utf8_scope&) = delete;

private:
  locale_t before_;
};

/// Columns of a character: 2 for the wide ones of East Asia and pictures, 0
/// for what joins the one before. Needs a `utf8_scope`.
size_t width_of(const character& x) {
  if (x.size <= 1)
    return 1;
  if (auto width = wcwidth(static_cast<wchar_t>(x.value)); width >= 0)
    return static_cast<size_t>(width);
  // Newer than the system: there, mostly pictures. Too much breaks no line.
  constexpr uint32_t first_picture = 0x1f000;
  return x.value >= first_picture ? 2 : 1;
}

/// The text before the first character that doesn't fit, and its columns.
struct fitting_text {
  size_t bytes = 0;
  size_t columns = 0;
};

fitting_text fit(std::string_view text, size_t columns) {
  utf8_scope scope;
  fitting_text result;
  while (result.bytes < text.size()) {
    auto next = first_character(text.substr(result.bytes));
    auto width = width_of(next);
    if (width > columns - result.columns)
      break;
    result.columns += width;
    result.bytes += std::max<size_t>(next.size, 1);
  }
  return result;
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
  return fit(printable_text, std::numeric_limits<size_t>::max()).columns;
}

std::string_view first_columns(std::string_view printable_text,
                               size_t columns) {
  return printable_text.substr(0, fit(printable_text, columns).bytes);
}

std::string shortened(std::string_view text, size_t columns, bool utf8) {
  auto whole = printable(text, utf8);
  if (fit(whole, columns).bytes == whole.size())
    return whole;
  std::string_view sign = utf8 ? "…" : "...";
  auto room = columns - std::min(columns, columns_of(sign));
  return std::string{first_columns(whole, room)}.append(
      first_columns(sign, columns));
}

} // namespace troupe
