#include "config/suggestion.hpp"

#include <algorithm>
#include <cstddef>

namespace troupe {

namespace {

/// No setting's name is longer; what is need not be compared.
constexpr size_t longest = 64;

/// The least number of letters to change, add, leave out, or swap with their
/// neighbour.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> now(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      auto same = a[i - 1] == b[j - 1];
      now[j] =
          std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

} // namespace

std::string_view nearest(std::string_view text,
                         const std::vector<std::string_view>& words) {
  std::string_view best;
  size_t least = 3;
  if (text.size() > longest)
    return best;
  for (auto word : words) {
    auto away = distance(text, word);
    // Half of a word changed is another word.
    if (away < least && away * 3 <= std::max(word.size(), text.size())) {
      best = word;
      least = away;
    }
  }
  return best;
}

} // namespace troupe
