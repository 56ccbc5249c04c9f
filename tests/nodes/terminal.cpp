#define CAF_SUITE terminal

#include "nodes/terminal.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

terminal_environment usual() {
  terminal_environment x;
  x.term = "xterm";
  x.lang = "en_US.UTF-8";
  return x;
}

} // namespace

CAF_TEST(a usual terminal can do everything) {
  CAF_CHECK(find_traits(true, usual()) == (terminal_traits{true, true, true}));
}

CAF_TEST(a file or pipe has neither live lines nor colours) {
  auto traits = find_traits(false, usual());
  CAF_CHECK(!traits.live);
  CAF_CHECK(!traits.color);
  CAF_CHECK(traits.utf8);
}

CAF_TEST(a dumb or unnamed terminal is like a file) {
  auto x = usual();
  x.term = "dumb";
  CAF_CHECK(!find_traits(true, x).live);
  x.term = nullptr;
  CAF_CHECK(!find_traits(true, x).live);
  x.term = "";
  CAF_CHECK(!find_traits(true, x).live);
}

CAF_TEST(NO_COLOR takes the colours and nothing else) {
  auto x = usual();
  x.no_color = "1";
  CAF_CHECK(find_traits(true, x) == (terminal_traits{true, true, false}));
  x.no_color = "";
  CAF_CHECK(find_traits(true, x).color);
}

CAF_TEST(the first locale variable that is set decides about UTF 8) {
  auto x = usual();
  x.lc_all = "C";
  CAF_CHECK(!find_traits(true, x).utf8);
  x.lc_all = "";
  x.lc_ctype = "de_DE.utf8";
  x.lang = "C";
  CAF_CHECK(find_traits(true, x).utf8);
  CAF_CHECK(!find_traits(true, terminal_environment{}).utf8);
}
