#define CAF_SUITE words

#include "nodes/words.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

using list = std::vector<std::string>;

list split(std::string_view line) {
  auto words = split_words(line);
  CAF_REQUIRE(words);
  return *words;
}

} // namespace

CAF_TEST(blanks separate words) {
  CAF_CHECK_EQUAL(split("  jobs \t --all\r\n"), (list{"jobs", "--all"}));
  CAF_CHECK_EQUAL(split(" "), list{});
  CAF_CHECK_EQUAL(split(""), list{});
}

CAF_TEST(quotes and backslashes keep blanks) {
  CAF_CHECK_EQUAL(split(R"(a' b "c'"d 'e\"" f\ g)"),
                  (list{R"(a b "cd 'e")", "f g"}));
  CAF_CHECK_EQUAL(split(R"('a\' "b\\" "c\d" '')"),
                  (list{R"(a\)", R"(b\)", R"(c\d)", ""}));
}

CAF_TEST(a remark ends the line) {
  CAF_CHECK_EQUAL(split("jobs # all of them"), list{"jobs"});
  CAF_CHECK_EQUAL(split("a#b '#c'"), (list{"a#b", "#c"}));
}

CAF_TEST(what stands open is refused) {
  for (auto line : {"'a", "\"a", "a\\"}) {
    auto words = split_words(line);
    CAF_REQUIRE(!words);
    CAF_CHECK(words.error().code == ec::usage);
  }
}

CAF_TEST(an unfinished line has a word that is being typed) {
  auto line = split_unfinished("job 'a b");
  CAF_CHECK_EQUAL(line.before, list{"job"});
  CAF_CHECK_EQUAL(line.word, "a b");
  CAF_CHECK_EQUAL(line.quote, '\'');
  line = split_unfinished("job ");
  CAF_CHECK_EQUAL(line.before, list{"job"});
  CAF_CHECK_EQUAL(line.word, "");
  CAF_CHECK_EQUAL(line.quote, '\0');
}

CAF_TEST(what is quoted reads back as one word) {
  for (std::string text :
       {"", "plain", "media:/a b", "it's", "\"", "\\", "#x", "é", "a\tb"})
    CAF_CHECK_EQUAL(split(as_word(text)), list{text});
  CAF_CHECK_EQUAL(as_word("media:/a.mkv"), "media:/a.mkv");
}
