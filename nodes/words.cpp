#include "nodes/words.hpp"

#include <utility>

namespace troupe {

namespace {

/// Reads a line character by character.
class splitter {
public:
  void feed(char c) {
    if (remark_)
      return;
    if (escaped_) {
      // Within double quotes a backslash is one unless it protects something.
      if (quote_ == '"' && c != '"' && c != '\\')
        word_ += '\\';
      take(c);
      escaped_ = false;
    } else if (c == '\\' && quote_ != '\'') {
      escaped_ = true;
      open_ = true;
    } else if (quote_ != '\0') {
      if (c == quote_)
        quote_ = '\0';
      else
        take(c);
    } else if (c == '\'' || c == '"') {
      quote_ = c;
      open_ = true; // "" is a word
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      end_word();
    } else if (c == '#' && !open_) {
      remark_ = true;
    } else {
      take(c);
    }
  }

  void end_word() {
    if (open_)
      words_.push_back(std::exchange(word_, {}));
    open_ = false;
  }

  bool escaped() const { return escaped_; }
  char quote() const { return quote_; }
  std::string& word() { return word_; }
  std::vector<std::string>& words() { return words_; }

private:
  void take(char c) {
    word_ += c;
    open_ = true;
  }

  std::vector<std::string> words_;
  std::string word_;
  bool open_ = false; ///< a word has begun, even if nothing is in it yet
  bool escaped_ = false;
  bool remark_ = false;
  char quote_ = '\0';
};

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9')
         || std::string_view{"_-./:=,+@%{}"}.find(c) != std::string_view::npos
         || (static_cast<unsigned char>(c) & 0x80) != 0;
}

} // namespace

outcome<std::vector<std::string>> split_words(std::string_view line) {
  splitter x;
  for (auto c : line)
    x.feed(c);
  if (x.quote() != '\0')
    return failure{ec::usage, "line",
                   std::string{"the quote "} + x.quote() + " is not closed",
                   "close it, or put a backslash before it"};
  if (x.escaped())
    return failure{ec::usage, "line", "it ends with a backslash",
                   "say \\\\ for a backslash itself"};
  x.end_word();
  return std::move(x.words());
}

unfinished_line split_unfinished(std::string_view line) {
  splitter x;
  for (auto c : line)
    x.feed(c);
  return {std::move(x.words()), std::move(x.word()), x.quote()};
}

std::string as_word(std::string_view text) {
  bool plain = !text.empty();
  for (auto c : text)
    plain = plain && is_plain(c);
  if (plain)
    return std::string{text};
  std::string result = "'";
  for (auto c : text)
    if (c == '\'')
      result += "'\\''";
    else
      result += c;
  return result + '\'';
}

} // namespace troupe
