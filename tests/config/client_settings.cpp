#define CAF_SUITE client_settings

#include "config/client_settings.hpp"

#include <caf/test/unit_test.hpp>

#include "config/certificate_authority.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

struct fixture {
  test::temporary_folder folder;
  client_options told;

  /// The settings of a client that was told enough.
  client_settings read() {
    auto reading = read_client_settings(told);
    for (const auto& x : reading.mistakes)
      CAF_ERROR(to_string(x));
    return reading.settings;
  }

  /// The one mistake.
  failure wrong() {
    auto reading = read_client_settings(told);
    CAF_REQUIRE_EQUAL(reading.mistakes.size(), 1u);
    return reading.mistakes.front();
  }

  std::string seeds() {
    std::string result;
    for (const auto& seed : read().seeds)
      result += to_string(seed) + ' ';
    return result;
  }

  void write_node(const std::string& more) {
    told.config = folder.write("n.toml", "[node]\nname = \"a\"\n" + more);
  }

  /// Certificates of this machine, as options.
  void certify() {
    auto now = std::chrono::system_clock::now();
    auto ca = init_authority(folder / "ca", "test", 100, now);
    auto client = issue_certificate(folder / "ca", "client", 50, now);
    CAF_REQUIRE(ca && client);
    told.certificate = client->certificate;
    told.key = client->key;
    told.ca = ca->certificate;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_settings_tests, fixture)

CAF_TEST(the cluster is on this machine unless somebody says otherwise) {
  CAF_CHECK_EQUAL(seeds(), "127.0.0.1:7400 ");
  told.seed_of_environment = "localhost:2";
  CAF_CHECK_EQUAL(seeds(), "localhost:2 ");
  told.seed = "localhost:1";
  CAF_CHECK_EQUAL(seeds(), "localhost:1 ");
}

CAF_TEST(a node s file tells of itself and its seeds) {
  write_node("port = 7401\nseeds = [\"127.0.0.1:7400\", \"127.0.0.1:7401\"]\n"
             "[roots]\nmedia = \"/srv/media\"\n");
  CAF_CHECK_EQUAL(seeds(), "127.0.0.1:7401 127.0.0.1:7400 ");
  auto settings = read();
  CAF_CHECK_EQUAL(settings.roots.at("media"), "/srv/media");
  told.seed = "localhost:1";
  CAF_CHECK_EQUAL(seeds(), "localhost:1 ");
  CAF_CHECK_EQUAL(read().roots.size(), 1u);
}

CAF_TEST(a node that listens everywhere is dialled on loopback) {
  certify();
  write_node("bind = \"0.0.0.0\"\nadvertise = \"alpha\"\n"
             "seeds = [\"beta:7400\"]\n[tls]\ncertificate = \"x\"\n"
             "key = \"y\"\nca = \"z\"\n");
  CAF_CHECK_EQUAL(seeds(), "127.0.0.1:7400 beta:7400 ");
}

CAF_TEST(a client needs nothing of the node s folders) {
  write_node("roles = [\"coordinator\"]\ndata-dir = \"/proc/none\"\n"
             "[roots]\nmedia = \"/none\"\n");
  CAF_CHECK_EQUAL(seeds(), "127.0.0.1:7400 ");
}

CAF_TEST(mistakes of the file are told) {
  write_node("slots = 0\nseeds = [\"localhost\"]");
  CAF_CHECK(wrong().code == ec::bad_config);
  told.config = folder / "none.toml";
  CAF_CHECK(wrong().code == ec::bad_config);
}

CAF_TEST(a wrong seed is named by who said it) {
  told.seed_of_environment = "a b";
  CAF_CHECK_EQUAL(wrong().subject, "TROUPE_SEED");
  told.seed = "x:y";
  CAF_CHECK_EQUAL(wrong().subject, "--seed");
  CAF_CHECK(wrong().code == ec::usage);
}

CAF_TEST(beyond this machine a client shows who it is) {
  told.seed = "alpha:7400";
  auto error = wrong();
  CAF_CHECK(error.code == ec::usage);
  CAF_CHECK_EQUAL(error.subject, "alpha:7400");
  certify();
  CAF_CHECK_EQUAL(seeds(), "alpha:7400 ");
  CAF_CHECK(read().tls == (tls_settings{told.certificate, told.key, told.ca}));
}

CAF_TEST(certificate and key and CA go together) {
  certify();
  told.key = "";
  CAF_CHECK_EQUAL(wrong().subject, "--key");
  CAF_CHECK(wrong().code == ec::usage);
}

CAF_TEST(certificates that cannot work are refused here) {
  certify();
  told.ca = folder / "none.pem";
  CAF_CHECK(wrong().code == ec::bad_certificate);
  CAF_CHECK_EQUAL(wrong().subject, told.ca);
}

CAF_TEST_FIXTURE_SCOPE_END()
