#define CAF_SUITE certificates

#include "config/certificates.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "config/certificate_authority.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

using std::chrono::hours;

const auto now = std::chrono::system_clock::now();

/// Two clusters, with one node each. The first node's certificate lives 100
/// days, its CA 200.
struct fixture {
  test::temporary_folder folder;
  tls_settings files = make("ours");
  tls_settings foreign = make("foreign");

  tls_settings make(const std::string& name) {
    auto ca = init_authority(folder / name, name, 200, now);
    auto node = issue_certificate(folder / name, "alpha", 100, now);
    CAF_REQUIRE(ca && node);
    return {node->certificate, node->key, ca->certificate};
  }

  /// The one mistake there is; "" when there is none.
  std::string wrong(std::chrono::system_clock::time_point when = now) {
    auto found = check_certificates(files, when);
    if (found.mistakes.empty())
      return "";
    CAF_CHECK_EQUAL(found.mistakes.size(), 1u);
    const auto& error = found.mistakes.front();
    CAF_CHECK(error.code == ec::bad_certificate);
    CAF_CHECK(!error.advice.empty());
    CAF_CHECK(found.warnings.empty());
    return error.subject + ": " + error.cause;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(certificates_tests, fixture)

CAF_TEST(what troupe ca made is good) {
  CAF_CHECK_EQUAL(wrong(), "");
}

CAF_TEST(missing files are all named) {
  files = {folder / "c", folder / "k", folder / "a"};
  auto found = check_certificates(files, now);
  CAF_REQUIRE_EQUAL(found.mistakes.size(), 3u);
  CAF_CHECK_EQUAL(found.mistakes[0].subject, files.certificate);
  CAF_CHECK_EQUAL(found.mistakes[1].subject, files.key);
  CAF_CHECK_EQUAL(found.mistakes[2].subject, files.ca);
}

CAF_TEST(files that hold something else are named) {
  auto text = folder.write("text.pem", "hello");
  ::chmod(text.c_str(), 0600);
  auto good = files;
  files.certificate = text;
  CAF_CHECK(wrong().starts_with(text + ": holds no certificate: "));
  files = good;
  files.key = text;
  CAF_CHECK(wrong().starts_with(text + ": holds no private key: "));
  files.key = files.certificate;
  ::chmod(files.key.c_str(), 0600);
  CAF_CHECK(wrong().starts_with(files.key + ": holds no private key: "));
  files = good;
  files.ca = "/dev/zero";
  CAF_CHECK_EQUAL(wrong(), "/dev/zero: is no file in PEM format");
}

CAF_TEST(a fifo does not hold us up) {
  files.key = folder / "fifo";
  CAF_REQUIRE_EQUAL(::mkfifo(files.key.c_str(), 0600), 0);
  CAF_CHECK_EQUAL(wrong(), files.key + ": is no file in PEM format");
}

CAF_TEST(a key that others may read is refused) {
  for (auto mode : {0640, 0604, 0660, 0610}) {
    ::chmod(files.key.c_str(), static_cast<mode_t>(mode));
    CAF_CHECK_EQUAL(wrong(),
                    files.key + ": can be read or changed by other users");
  }
  ::chmod(files.key.c_str(), 0400);
  CAF_CHECK_EQUAL(wrong(), "");
}

CAF_TEST(a certificate that others may change is refused) {
  for (auto mode : {0664, 0646}) {
    ::chmod(files.ca.c_str(), static_cast<mode_t>(mode));
    CAF_CHECK_EQUAL(wrong(), files.ca + ": can be changed by other users");
  }
  ::chmod(files.ca.c_str(), 0444);
  CAF_CHECK_EQUAL(wrong(), "");
}

CAF_TEST(the key belongs to the certificate) {
  files.key = foreign.key;
  CAF_CHECK_EQUAL(wrong(),
                  files.key + ": does not belong to " + files.certificate);
}

CAF_TEST(the certificate is of the right CA) {
  files.ca = foreign.ca;
  CAF_CHECK_EQUAL(wrong(),
                  files.certificate + ": is not signed by " + files.ca);
}

CAF_TEST(a CA of the same name is another CA) {
  // Same subject, other key: only the signature tells.
  auto ca = init_authority(folder / "twin", "ours", 200, now);
  CAF_REQUIRE(ca);
  files.ca = ca->certificate;
  CAF_CHECK_EQUAL(wrong(),
                  files.certificate + ": is not signed by " + files.ca);
}

CAF_TEST(a node s certificate is no CA) {
  files.ca = files.certificate;
  CAF_CHECK_EQUAL(wrong(), files.ca + ": is no certificate of a CA");
}

CAF_TEST(certificates end and begin) {
  CAF_CHECK(wrong(now + hours{24 * 101})
                .starts_with(files.certificate + ": has expired on "));
  CAF_CHECK(wrong(now - hours{2}).find("is not valid yet")
            != std::string::npos);
  CAF_CHECK(wrong(now + hours{24 * 201}).find("has expired")
            != std::string::npos);
  CAF_CHECK_EQUAL(wrong(now + hours{24 * 60}), "");
}

CAF_TEST(who goes on for less than a month is warned) {
  auto found = check_certificates(files, now + hours{24 * 71});
  CAF_CHECK(found.mistakes.empty());
  CAF_REQUIRE_EQUAL(found.warnings.size(), 1u);
  CAF_CHECK(found.warnings[0].starts_with(files.certificate + " expires on "));
}

CAF_TEST_FIXTURE_SCOPE_END()
