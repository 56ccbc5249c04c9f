#define CAF_SUITE certificate_authority

#include "config/certificate_authority.hpp"

#include <filesystem>

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>

#include "config/certificates.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

using std::chrono::hours;

const auto now = std::chrono::system_clock::now();

struct fixture {
  test::temporary_folder folder;
  std::string ca = folder / "ca";

  outcome<issued_certificate> init(uint32_t days = 100) {
    return init_authority(ca, "test cluster", days, now);
  }

  outcome<issued_certificate> issue(const std::string& name,
                                    uint32_t days = 10) {
    return issue_certificate(ca, name, days, now);
  }

  /// The failure of what must not work.
  failure refused(const outcome<issued_certificate>& x) {
    CAF_REQUIRE(!x);
    CAF_CHECK(!x.error().subject.empty());
    CAF_CHECK(!x.error().advice.empty());
    return x.error();
  }

  static mode_t mode(const std::string& path) {
    struct stat about {};
    CAF_REQUIRE_EQUAL(::stat(path.c_str(), &about), 0);
    return about.st_mode & 07777;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(certificate_authority_tests, fixture)

CAF_TEST(a CA issues certificates that nodes take) {
  auto authority = init();
  CAF_REQUIRE(authority);
  for (auto name : {"alpha", "10.0.0.5", "rack_2.b"}) {
    auto issued = issue(name);
    CAF_REQUIRE(issued);
    auto found = check_certificates(
        {issued->certificate, issued->key, authority->certificate}, now);
    for (const auto& x : found.mistakes)
      CAF_ERROR(to_string(x));
  }
}

CAF_TEST(keys are nobody else s and nothing partial is left) {
  CAF_REQUIRE(init());
  CAF_REQUIRE(issue("alpha"));
  CAF_CHECK_EQUAL(mode(ca), 0700u);
  CAF_CHECK_EQUAL(mode(ca + "/ca.key"), 0600u);
  CAF_CHECK_EQUAL(mode(ca + "/alpha.key"), 0600u);
  CAF_CHECK_EQUAL(mode(ca + "/alpha.pem") & 0600u, 0600u);
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{ca})
    names.insert(entry.path().filename());
  CAF_CHECK(
      names
      == (std::set<std::string>{"alpha.key", "alpha.pem", "ca.key", "ca.pem"}));
}

CAF_TEST(nothing is overwritten) {
  CAF_REQUIRE(init());
  CAF_REQUIRE(issue("alpha"));
  auto key = folder.read("ca/ca.key");
  auto again = refused(init());
  CAF_CHECK(again.code == ec::cannot_create);
  CAF_CHECK_EQUAL(again.subject, ca + "/ca.pem");
  CAF_CHECK_EQUAL(folder.read("ca/ca.key"), key);
  CAF_CHECK(refused(issue("alpha")).code == ec::cannot_create);
  std::filesystem::remove(ca + "/alpha.pem");
  auto other = refused(issue("alpha"));
  CAF_CHECK_EQUAL(other.subject, ca + "/alpha.key");
  // Not even what a link leads to.
  std::filesystem::create_symlink("/nowhere", ca + "/beta.key");
  CAF_CHECK(refused(issue("beta")).code == ec::cannot_create);
}

CAF_TEST(a certificate does not outlive its CA) {
  auto authority = init(20);
  auto issued = issue("alpha", 1000);
  CAF_REQUIRE(authority && issued);
  CAF_CHECK(issued->expires == authority->expires);
  CAF_CHECK(issued->expires > now + hours{24 * 19});
  auto later = issue_certificate(ca, "beta", 10, now + hours{24 * 21});
  auto why = refused(later);
  CAF_CHECK(why.code == ec::bad_certificate);
  CAF_CHECK(why.cause.starts_with("has expired on "));
}

CAF_TEST(every certificate has a serial of its own) {
  CAF_REQUIRE(init());
  CAF_REQUIRE(issue("alpha"));
  CAF_REQUIRE(issue("beta"));
  CAF_CHECK(folder.read("ca/alpha.pem") != folder.read("ca/beta.pem"));
  CAF_CHECK(folder.read("ca/alpha.key") != folder.read("ca/beta.key"));
}

CAF_TEST(names that could be paths or options are refused) {
  CAF_REQUIRE(init());
  for (auto name : {"", "../alpha", "a/b", "ca", ".hidden", "-x", "a b", "ä"})
    CAF_CHECK(refused(issue(name)).code == ec::usage);
  CAF_CHECK(refused(issue(std::string(65, 'a'))).code == ec::usage);
}

CAF_TEST(days have their limits) {
  CAF_CHECK(refused(init(0)).code == ec::usage);
  CAF_CHECK(refused(init(36'501)).code == ec::usage);
  CAF_REQUIRE(init(36'500));
  CAF_CHECK(refused(issue("alpha", 0)).code == ec::usage);
  CAF_CHECK(refused(init_authority(ca, "", 1, now)).code == ec::usage);
}

CAF_TEST(a CA that is not there or broken issues nothing) {
  CAF_CHECK(refused(issue("alpha")).code == ec::no_input);
  CAF_REQUIRE(init());
  ::chmod((ca + "/ca.key").c_str(), 0644);
  auto open = refused(issue("alpha"));
  CAF_CHECK(open.code == ec::bad_certificate);
  CAF_CHECK_EQUAL(open.subject, ca + "/ca.key");
  ::chmod((ca + "/ca.key").c_str(), 0600);
  auto other = init_authority(folder / "other", "other", 10, now);
  CAF_REQUIRE(other);
  std::filesystem::copy_file(other->key, ca + "/ca.key",
                             std::filesystem::copy_options::overwrite_existing);
  CAF_CHECK_EQUAL(refused(issue("alpha")).cause, "ca.key is not its key");
  std::filesystem::remove(ca + "/ca.key");
  CAF_CHECK_EQUAL(refused(issue("alpha")).subject, ca + "/ca.key");
}

CAF_TEST(a node s certificate makes no CA) {
  CAF_REQUIRE(init());
  CAF_REQUIRE(issue("alpha"));
  auto below = folder / "below";
  std::filesystem::create_directory(below);
  std::filesystem::copy_file(ca + "/alpha.pem", below + "/ca.pem");
  std::filesystem::copy_file(ca + "/alpha.key", below + "/ca.key");
  CAF_CHECK_EQUAL(refused(issue_certificate(below, "beta", 1, now)).cause,
                  "is no certificate of a CA");
}

CAF_TEST(a folder that cannot be made is named) {
  auto file = folder.write("file", "");
  auto why = refused(init_authority(file + "/ca", "test", 1, now));
  CAF_CHECK(why.code == ec::cannot_create);
  CAF_CHECK_EQUAL(why.subject, file + "/ca");
}

CAF_TEST_FIXTURE_SCOPE_END()
