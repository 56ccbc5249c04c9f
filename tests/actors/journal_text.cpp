#define CAF_SUITE journal_text

#include "actors/journal_text.hpp"

#include <string>

#include <caf/test/dsl.hpp>

using troupe::is_utf8;

CAF_TEST(text in every length of sequence is UTF - 8) {
  CAF_CHECK(is_utf8(""));
  CAF_CHECK(is_utf8(std::string("a\0b\x7f", 4)));
  CAF_CHECK(is_utf8("\xc2\x80 \xdf\xbf"));
  CAF_CHECK(is_utf8("\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf"));
  CAF_CHECK(is_utf8("\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"));
}

CAF_TEST(what is cut short or goes on without a beginning is not ) {
  CAF_CHECK(!is_utf8("\xc3"));
  CAF_CHECK(!is_utf8("a\xe2\x82"));
  CAF_CHECK(!is_utf8("\xf0\x9f\x8e"));
  CAF_CHECK(!is_utf8("\x80"));
  CAF_CHECK(!is_utf8("\xe2\x82z"));
  CAF_CHECK(!is_utf8("\xf0\x9f\x8ez"));
}

CAF_TEST(what stands for nothing is not) {
  CAF_CHECK(!is_utf8("\xc0\xaf"));         // overlong
  CAF_CHECK(!is_utf8("\xe0\x9f\xbf"));     // overlong
  CAF_CHECK(!is_utf8("\xf0\x8f\xbf\xbf")); // overlong
  CAF_CHECK(!is_utf8("\xed\xa0\x80"));     // a surrogate
  CAF_CHECK(!is_utf8("\xf4\x90\x80\x80")); // beyond Unicode
  CAF_CHECK(!is_utf8("\xff"));
}
