#define CAF_SUITE output_pattern

#include "nodes/output_pattern.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(words stand for parts of the input) {
  auto input = "media:/shows/a.b.mkv";
  CAF_CHECK_EQUAL(output_for("{dir}/{stem}.mp4", input),
                  "media:/shows/a.b.mp4");
  CAF_CHECK_EQUAL(output_for("out:/{name}.{ext}", input), "out:/a.b.mkv.mkv");
  CAF_CHECK_EQUAL(output_for("{stem}{stem}", "x"), "xx");
}

CAF_TEST(everything else stays) {
  CAF_CHECK_EQUAL(output_for("{stem}_{height}.{foo}{", "a.mkv"),
                  "a_{height}.{foo}{");
  // What an input's name holds is not read again.
  CAF_CHECK_EQUAL(output_for("{stem}", "{ext}.mkv"), "{ext}");
}

CAF_TEST(files without folder or extension) {
  CAF_CHECK_EQUAL(output_for("[{dir}][{name}][{stem}][{ext}]", ".hidden"),
                  "[][.hidden][.hidden][]");
  CAF_CHECK_EQUAL(output_for("[{dir}][{ext}]", "media:/a"), "[media:][]");
}

CAF_TEST(a pattern tells whether outputs differ) {
  CAF_CHECK(names_input("o/{stem}.mp4"));
  CAF_CHECK(names_input("{name}"));
  CAF_CHECK(names_input("{dir}/o.mp4"));
  CAF_CHECK(!names_input("o_{height}.{ext}"));
}
