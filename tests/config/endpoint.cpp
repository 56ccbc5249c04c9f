#define CAF_SUITE endpoint

#include "config/endpoint.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

/// The endpoint as it shows itself, or "refused".
std::string read(std::string_view text) {
  auto x = parse_endpoint("--seed", text);
  return x ? to_string(*x) : "refused";
}

} // namespace

CAF_TEST(hosts are names or addresses and may have a port) {
  CAF_CHECK_EQUAL(read("alpha"), "alpha:7400");
  CAF_CHECK_EQUAL(read("alpha:1"), "alpha:1");
  CAF_CHECK_EQUAL(read("rack-2.example.org:65535"), "rack-2.example.org:65535");
  CAF_CHECK_EQUAL(read("10.0.0.5:7401"), "10.0.0.5:7401");
  CAF_CHECK_EQUAL(read("[::1]:7400"), "[::1]:7400");
  CAF_CHECK_EQUAL(read("[fe80::1]"), "[fe80::1]:7400");
  auto other = parse_endpoint("", "alpha", 9);
  CAF_REQUIRE(other);
  CAF_CHECK_EQUAL(other->port, 9);
}

CAF_TEST(what is no host and port is refused) {
  using namespace std::string_view_literals;
  for (auto text : {""sv,
                    ":7400"sv,
                    "alpha:"sv,
                    "alpha:0"sv,
                    "alpha:65536"sv,
                    "alpha:-1"sv,
                    "alpha:7400 "sv,
                    " alpha"sv,
                    "a b:1"sv,
                    "10.0.0.256:1"sv,
                    "10.0.0:1"sv,
                    "1.2.3.4.5"sv,
                    "::1"sv,
                    "[::1"sv,
                    "[::1]7400"sv,
                    "[alpha]:1"sv,
                    "[10.0.0.1]:1"sv,
                    "-a:1"sv,
                    "a..b:1"sv,
                    "al/pha:1"sv,
                    "alpha:7400:1"sv,
                    "http://alpha"sv,
                    "127.0.0.1\0.x:1"sv}) {
    CAF_MESSAGE("refused? " << std::string{text});
    CAF_CHECK_EQUAL(read(text), "refused");
  }
  CAF_CHECK_EQUAL(read(std::string(64, 'a') + ":1"), "refused");
  auto refused = parse_endpoint("--seed", "alpha:x");
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(to_string(refused.error()),
                  "--seed: \"alpha:x\" is no HOST:PORT; allowed is a host name "
                  "or address and a port of 1 to 65535, such as 10.0.0.5:7400 "
                  "or [::1]:7400");
  CAF_CHECK(refused.error().code == ec::usage);
}

CAF_TEST(loopback is what never leaves the machine) {
  for (auto host : {"127.0.0.1", "127.8.9.10", "::1", "localhost"})
    CAF_CHECK(is_loopback(host));
  for (auto host : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "127.example.org",
                    "127.0.0.1.nip.io", "localhost.example.org", "alpha"})
    CAF_CHECK(!is_loopback(host));
  CAF_CHECK(is_wildcard("0.0.0.0") && is_wildcard("::"));
  CAF_CHECK(!is_wildcard("127.0.0.1"));
}
