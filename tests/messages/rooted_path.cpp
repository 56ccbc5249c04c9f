#define CAF_SUITE rooted_path

#include "messages/rooted_path.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;
using namespace std::string_literals;

namespace {

std::string read(const std::string& text) {
  auto result = parse_rooted_path(text);
  return result ? result->root + '|' + result->path
                : std::string{to_string(result.error().code)};
}

const std::map<std::string, std::string> roots{{"media", "/srv/media/"},
                                               {"shows", "/srv/media/shows"},
                                               {"tmp", "/t/../tmp"}};

std::string translated(const std::string& path) {
  auto result = to_rooted(path, roots);
  return result ? to_string(*result)
                : std::string{to_string(result.error().code)};
}

} // namespace

CAF_TEST(a path beneath a root names both) {
  CAF_CHECK_EQUAL(read("media:/a.mkv"), "media|a.mkv");
  CAF_CHECK_EQUAL(read("media:/shows/s 1/a.mkv"), "media|shows/s 1/a.mkv");
  CAF_CHECK_EQUAL(read("a-b_c.9:/x:/y"), "a-b_c.9|x:/y");
  CAF_CHECK_EQUAL(to_string(rooted_path{"media", "shows/a"}), "media:/shows/a");
}

CAF_TEST(a path has one form) {
  CAF_CHECK_EQUAL(read("media:///shows//./a"), "media|shows/a");
  CAF_CHECK_EQUAL(read("media:/./a"), "media|a");
  CAF_CHECK_EQUAL(read("media:/.a/..b/c.."), "media|.a/..b/c..");
}

CAF_TEST(a path without a root is outside of them) {
  for (auto text : {"", "/srv/a", "a.mkv", "media:a", ":/a", "m edia:/a",
                    "file/x:/a", "m\xc3\xa4:/a"})
    CAF_CHECK_EQUAL(read(text), "outside_roots");
  CAF_CHECK_EQUAL(read(std::string(65, 'm') + ":/a"), "outside_roots");
  CAF_CHECK_EQUAL(read(std::string(64, 'm') + ":/a"),
                  std::string(64, 'm') + "|a");
}

CAF_TEST(steps back are refused even where they stay inside) {
  for (auto text : {"media:/..", "media:/../a", "media:/a/../b", "media:/a/.."})
    CAF_CHECK_EQUAL(read(text), "outside_roots");
}

CAF_TEST(a folder is no file) {
  for (auto text :
       {"media:/", "media://", "media:/.", "media:/a/", "media:/a/."})
    CAF_CHECK_EQUAL(read(text), "usage");
}

CAF_TEST(what no disk could name is refused) {
  CAF_CHECK_EQUAL(read("media:/a\0b"s), "usage");
  CAF_CHECK_EQUAL(read("media:/" + std::string(256, 'a')), "usage");
  std::string deep = "media:";
  while (deep.size() < 4097)
    deep += "/abcdefgh";
  CAF_CHECK_EQUAL(read(deep), "usage");
}

CAF_TEST(a local path under a root is translated) {
  CAF_CHECK_EQUAL(translated("/srv/media/a.mkv"), "media:/a.mkv");
  CAF_CHECK_EQUAL(translated("/srv//media/./x/../a.mkv"), "media:/a.mkv");
  CAF_CHECK_EQUAL(translated("/tmp/a"), "tmp:/a");
}

CAF_TEST(the innermost root counts) {
  CAF_CHECK_EQUAL(translated("/srv/media/shows/a"), "shows:/a");
  CAF_CHECK_EQUAL(translated("/srv/media/shows2/a"), "media:/shows2/a");
}

CAF_TEST(a local path under no root is refused) {
  CAF_CHECK_EQUAL(translated("/srv/other/a"), "outside_roots");
  CAF_CHECK_EQUAL(translated("/srv/mediax/a"), "outside_roots");
  CAF_CHECK_EQUAL(translated("/srv/media/../a"), "outside_roots");
  CAF_CHECK_EQUAL(translated("/srv/media"), "outside_roots");
}

CAF_TEST(only absolute paths of files can be translated) {
  CAF_CHECK_EQUAL(translated("srv/media/a"), "usage");
  CAF_CHECK_EQUAL(translated("/srv/media/"), "usage");
  CAF_CHECK_EQUAL(translated("/"), "usage");
}
