#define CAF_SUITE media

#include "messages/media.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(tags are found whatever their case) {
  std::vector<tag> tags{{"TITLE", "one"}, {"language", "deu"}};
  CAF_CHECK_EQUAL(tag_value(tags, "title"), "one");
  CAF_CHECK_EQUAL(tag_value(tags, "Language"), "deu");
}

CAF_TEST(a missing tag is empty) {
  CAF_CHECK_EQUAL(tag_value({}, "title"), "");
  CAF_CHECK_EQUAL(tag_value({{"titles", "x"}}, "title"), "");
}

CAF_TEST(the first of two equal keys counts) {
  CAF_CHECK_EQUAL(tag_value({{"a", "1"}, {"A", "2"}}, "a"), "1");
}

CAF_TEST(a fraction with no denominator is not known) {
  CAF_CHECK_EQUAL(to_double({1, 0}), 0.0);
  CAF_CHECK_EQUAL(to_double({25, 2}), 12.5);
}
