#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/outcome.hpp"

namespace troupe {

/// Splits a line of the shell into words. Blanks separate; 'single quotes'
/// keep everything, "double quotes" all but \" and \\; a backslash elsewhere
/// keeps the next character. Nothing else has a meaning: no variables, no
/// patterns. A word that begins with # and the rest of its line are a remark.
/// Code usage for a quote that isn't closed or a backslash at the end.
outcome<std::vector<std::string>> split_words(std::string_view line);

/// A line up to the cursor, as completion sees it.
struct unfinished_line {
  std::vector<std::string> before; ///< whole words
  std::string word;                ///< the one being typed; may be ""
  /// What stands open where the line ends: '\'', '"' or '\0'.
  char quote = '\0';
};

/// Splits a line that may end within a word or quote.
unfinished_line split_unfinished(std::string_view line);

/// The text as one word that `split_words` reads back.
std::string as_word(std::string_view text);

} // namespace troupe
