#include "actors/journal_text.hpp"

#include <cstddef>
#include <cstdint>

namespace troupe {

namespace {

/// What may follow a lead byte.
struct sequence {
  size_t size = 0;           ///< in all; 0 when it is no lead byte
  uint8_t second_min = 0x80; ///< against overlong forms
  uint8_t second_max = 0xbf; ///< against surrogates and what is beyond Unicode
};

sequence begun_by(uint8_t lead) {
  if (lead >= 0xc2 && lead <= 0xdf)
    return {2};
  if (lead == 0xe0)
    return {3, 0xa0};
  if (lead == 0xed)
    return {3, 0x80, 0x9f};
  if (lead >= 0xe1 && lead <= 0xef)
    return {3};
  if (lead == 0xf0)
    return {4, 0x90};
  if (lead >= 0xf1 && lead <= 0xf3)
    return {4};
  if (lead == 0xf4)
    return {4, 0x80, 0x8f};
  return {};
}

} // namespace

bool is_utf8(std::string_view text) {
  auto at = [&text](size_t i) { return static_cast<uint8_t>(text[i]); };
  for (size_t i = 0; i < text.size();) {
    if (at(i) < 0x80) {
      ++i;
      continue;
    }
    auto expected = begun_by(at(i));
    if (expected.size == 0 || text.size() - i < expected.size
        || at(i + 1) < expected.second_min || at(i + 1) > expected.second_max)
      return false;
    for (size_t k = 2; k < expected.size; ++k)
      if ((at(i + k) & 0xc0) != 0x80)
        return false;
    i += expected.size;
  }
  return true;
}

} // namespace troupe
