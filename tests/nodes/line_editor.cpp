#define CAF_SUITE line_editor

#include "nodes/line_editor.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(the history lies where state lies) {
  CAF_CHECK_EQUAL(history_path("/state", "/home/a"), "/state/troupe/history");
  CAF_CHECK_EQUAL(history_path(nullptr, "/home/a"),
                  "/home/a/.local/state/troupe/history");
  // The specification wants relative paths ignored.
  CAF_CHECK_EQUAL(history_path("state", "/home/a"),
                  "/home/a/.local/state/troupe/history");
  CAF_CHECK_EQUAL(history_path("", nullptr), "");
}
