#include "messages/media.hpp"

#include <algorithm>

namespace troupe {

namespace {

/// ASCII only, whatever the locale: keys are words of container formats.
char lower(char x) {
  return x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x;
}

bool same_key(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

std::string tag_value(const std::vector<tag>& tags, const std::string& key) {
  auto found = std::find_if(tags.begin(), tags.end(),
                            [&](const tag& x) { return same_key(x.key, key); });
  return found == tags.end() ? std::string{} : found->value;
}

} // namespace troupe
