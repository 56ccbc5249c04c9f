#define CAF_SUITE config_text

#include "nodes/config_text.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(a summary says what the node will be) {
  node_settings x;
  x.name = "alpha";
  CAF_CHECK_EQUAL(config_summary(x),
                  "node alpha (worker) at 127.0.0.1:7400, 1 slot, no roots, "
                  "plain TCP");
  x.roles = {true, true, false};
  x.slots = 3;
  x.advertise = endpoint{"alpha.example.org", 7401};
  x.roots = {{"media", "/srv/media"}, {"out", "/srv/out"}};
  x.tls = tls_settings{"c", "k", "ca"};
  CAF_CHECK_EQUAL(config_summary(x),
                  "node alpha (coordinator, worker) at alpha.example.org:7401, "
                  "3 slots, roots media, out, TLS");
  x.roles.worker = false;
  CAF_CHECK(config_summary(x).find("slots") == std::string::npos);
}

CAF_TEST(a document has the node or its mistakes) {
  node_reading reading;
  reading.warnings = {"soon"};
  auto good = to_json("a.toml", reading);
  CAF_CHECK_EQUAL(good["ok"].get<bool>(), true);
  CAF_CHECK_EQUAL(good["node"]["name"].get<std::string>(), "local");
  CAF_CHECK_EQUAL(good["warnings"][0].get<std::string>(), "soon");
  reading.mistakes = {{ec::bad_config, "a.toml:1: node.x", "found", "allowed"}};
  auto bad = to_json("a.toml", reading);
  CAF_CHECK_EQUAL(bad["ok"].get<bool>(), false);
  CAF_CHECK(bad["node"].is_null());
  CAF_CHECK_EQUAL(bad["mistakes"][0]["message"].get<std::string>(),
                  "a.toml:1: node.x: found; allowed");
}
