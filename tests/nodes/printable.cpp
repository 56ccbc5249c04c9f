#define CAF_SUITE printable

#include "nodes/printable.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;
using namespace std::string_literals;

CAF_TEST(harmless text stays as it is) {
  CAF_CHECK_EQUAL(printable(""), "");
  CAF_CHECK_EQUAL(printable("a file (1).mkv"), "a file (1).mkv");
  CAF_CHECK_EQUAL(printable("Überfilm 映画 🎬"), "Überfilm 映画 🎬");
}

CAF_TEST(control characters are shown instead of sent) {
  CAF_CHECK_EQUAL(printable("\x1b]0;owned\x07"), "\\x1b]0;owned\\x07");
  CAF_CHECK_EQUAL(printable("two\nlines\t\r"), "two\\x0alines\\x09\\x0d");
  CAF_CHECK_EQUAL(printable("\x7f"), "\\x7f");
  CAF_CHECK_EQUAL(printable("a\0b"s), "a\\x00b");
}

CAF_TEST(the eight bit control characters count too) {
  // U+009B begins a sequence like ESC [ does.
  CAF_CHECK_EQUAL(printable("\xc2\x9b"
                            "31m"),
                  "\\xc2\\x9b31m");
  CAF_CHECK_EQUAL(printable("\x9b"
                            "31m"),
                  "\\x9b31m");
}

CAF_TEST(bytes that are no UTF 8 are shown one by one) {
  CAF_CHECK_EQUAL(printable("\xff\xfe"), "\\xff\\xfe");
  CAF_CHECK_EQUAL(printable("caf\xe9"), "caf\\xe9");
  CAF_CHECK_EQUAL(printable("\xe2\x82"), "\\xe2\\x82");
  CAF_CHECK_EQUAL(printable("\xc0\xaf"), "\\xc0\\xaf");
  CAF_CHECK_EQUAL(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  CAF_CHECK_EQUAL(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  CAF_CHECK_EQUAL(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  CAF_CHECK_EQUAL(printable("\xf0\x9f\x8e"), "\\xf0\\x9f\\x8e");
}

CAF_TEST(marks that turn the writing direction are shown) {
  CAF_CHECK_EQUAL(printable("film\u202egpj.mkv"), "film\\u{202e}gpj.mkv");
}

CAF_TEST(a terminal without UTF 8 gets ASCII only) {
  CAF_CHECK_EQUAL(printable("é", false), "\\xc3\\xa9");
  CAF_CHECK_EQUAL(printable("e", false), "e");
}

CAF_TEST(columns count characters and not bytes) {
  CAF_CHECK_EQUAL(columns_of(""), 0u);
  CAF_CHECK_EQUAL(columns_of("abc"), 3u);
  CAF_CHECK_EQUAL(columns_of("█░é"), 3u);
}

CAF_TEST(wide characters take two columns and combining ones none) {
  CAF_CHECK_EQUAL(columns_of("映画"), 4u);
  CAF_CHECK_EQUAL(columns_of("한글"), 4u);
  CAF_CHECK_EQUAL(columns_of("🎬"), 2u);
  CAF_CHECK_EQUAL(columns_of("e\u0301"), 1u);
  CAF_CHECK_EQUAL(columns_of("a\u200bb"), 2u);
  // Not known to every system: rather too much than too little.
  CAF_CHECK_EQUAL(columns_of("\U0001fae8"), 2u);
  CAF_CHECK_EQUAL(columns_of("\u2588\u2591\u2026"), 3u);
}

CAF_TEST(wide text is cut before what does not fit) {
  CAF_CHECK_EQUAL(first_columns("映画", 1), "");
  CAF_CHECK_EQUAL(first_columns("映画", 2), "映");
  CAF_CHECK_EQUAL(first_columns("映画", 3), "映");
  CAF_CHECK_EQUAL(first_columns("e\u0301b", 1), "e\u0301");
}

CAF_TEST(long text is shortened with a sign) {
  CAF_CHECK_EQUAL(shortened("film", 4, true), "film");
  CAF_CHECK_EQUAL(shortened("films", 4, true), "fil…");
  CAF_CHECK_EQUAL(shortened("films", 4, false), "f...");
  CAF_CHECK_EQUAL(shortened("films", 2, false), "..");
  CAF_CHECK_EQUAL(shortened("films", 0, true), "");
  CAF_CHECK_EQUAL(shortened("映画館", 4, true), "映…");
  CAF_CHECK_EQUAL(shortened("a\x1b[", 4, true), "a\\x…");
}

CAF_TEST(text is cut between characters) {
  CAF_CHECK_EQUAL(first_columns("a\u00e9b", 2), "a\u00e9");
  CAF_CHECK_EQUAL(first_columns("a\u00e9b", 9), "a\u00e9b");
  CAF_CHECK_EQUAL(first_columns("a", 0), "");
}
