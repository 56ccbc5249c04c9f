#define CAF_SUITE table

#include "nodes/table.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(columns are as wide as their widest cell) {
  table rows{true};
  rows.add({"a", "bbb", "c"});
  rows.add({"aaaa", "é", "a long last cell"});
  CAF_CHECK_EQUAL(rows.text(), "a     bbb  c\n"
                               "aaaa  é    a long last cell\n");
}

CAF_TEST(wide characters push the next column no further) {
  table rows{true};
  rows.add({"映画", "x"});
  rows.add({"abcd", "x"});
  rows.add({"e\u0301", "x"});
  CAF_CHECK_EQUAL(rows.text(), "映画  x\nabcd  x\ne\u0301     x\n");
}

CAF_TEST(cells are made printable) {
  table rows{true};
  rows.add({"\x1b", "x"});
  CAF_CHECK_EQUAL(rows.text(2), "  \\x1b  x\n");
}

CAF_TEST(rows end without blanks) {
  table rows{true};
  rows.add({"a", "", ""});
  rows.add({"aa"});
  CAF_CHECK_EQUAL(rows.text(), "a\naa\n");
  CAF_CHECK_EQUAL(table{true}.text(), "");
}

CAF_TEST(rows have colours where there are any) {
  for (bool color : {false, true}) {
    table rows{true, color};
    rows.add({"a", "b"}, "31");
    rows.add({"c", "d"});
    CAF_CHECK_EQUAL(rows.text(),
                    color ? "\x1b[31ma  b\x1b[0m\nc  d\n" : "a  b\nc  d\n");
    CAF_CHECK(rows.lines()[0].text == "a  b");
  }
}
