#define CAF_SUITE node_checks

#include "config/node_checks.hpp"

#include <filesystem>

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "config/certificate_authority.hpp"
#include "config/node_file.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

const auto now = std::chrono::system_clock::now();

/// "key: found" of every mistake.
std::string said(const std::vector<failure>& mistakes) {
  std::string result;
  for (const auto& x : mistakes)
    result += x.subject + ": " + x.cause + '\n';
  return result;
}

/// What is wrong about a node that says this besides its name.
std::string together(std::vector<std::string> settings) {
  settings.push_back("node.name=a");
  auto reading = read_node_file("", settings, config_checks::text);
  return said(reading.mistakes);
}

struct fixture {
  test::temporary_folder folder;
  node_settings settings;

  std::string on_disk() { return said(check_on_disk(settings, now).mistakes); }

  std::string quoted(const std::string& name) {
    return '"' + (folder / name) + '"';
  }
};

} // namespace

CAF_TEST(a coordinator needs a folder and everybody else a seed) {
  CAF_CHECK_EQUAL(together({}), "node.seeds: is missing\n");
  CAF_CHECK_EQUAL(together({"node.seeds=[]"}),
                  "--set: node.seeds: found an empty list\n");
  CAF_CHECK_EQUAL(together({"node.seeds=localhost"}), "");
  CAF_CHECK_EQUAL(together({"node.roles=coordinator"}),
                  "node.data-dir: is missing\n");
  CAF_CHECK_EQUAL(together({"node.roles=coordinator", "node.data-dir=d"}), "");
}

CAF_TEST(nothing goes beyond loopback without certificates) {
  CAF_CHECK_EQUAL(together({"node.seeds=alpha:1", "node.bind=10.0.0.1"}),
                  "--set: node.bind: found \"10.0.0.1\" without [tls]\n"
                  "--set: node.seeds: found \"alpha:1\" without [tls]\n");
  CAF_CHECK_EQUAL(together({"node.seeds=localhost", "node.bind=::1"}), "");
  CAF_CHECK_EQUAL(together({"node.seeds=localhost", "node.advertise=10.0.0.1"}),
                  "--set: node.advertise: found \"10.0.0.1:7400\" without "
                  "[tls]\n");
  CAF_CHECK_EQUAL(together({"node.seeds=alpha:1", "node.bind=10.0.0.1",
                            "tls.certificate=c", "tls.key=k", "tls.ca=a"}),
                  "");
}

CAF_TEST(certificates come with key and CA) {
  CAF_CHECK_EQUAL(together({"node.seeds=localhost", "tls.key=k"}),
                  "tls.certificate: is missing\ntls.ca: is missing\n");
}

CAF_TEST(who listens everywhere says where others dial) {
  std::vector<std::string> x{"node.seeds=localhost", "node.bind=0.0.0.0",
                             "tls.certificate=c", "tls.key=k", "tls.ca=a"};
  CAF_CHECK_EQUAL(together(x), "node.advertise: is missing\n");
  x.push_back("node.advertise=alpha");
  CAF_CHECK_EQUAL(together(x), "");
}

CAF_TEST_FIXTURE_SCOPE(node_checks_tests, fixture)

CAF_TEST(roots must be folders that are there) {
  std::filesystem::create_directory(folder / "media");
  settings.roots = {{"media", folder / "media"}};
  CAF_CHECK_EQUAL(on_disk(), "");
  settings.roots = {{"gone", folder / "gone"},
                    {"file", folder.write("f", "x")}};
  CAF_CHECK_EQUAL(on_disk(), "roots.file: " + quoted("f") + " is no folder\n"
                                 + "roots.gone: " + quoted("gone")
                                 + " is not there\n");
}

CAF_TEST(the data folder must be writable or can be made) {
  settings.data_dir = folder / "a/b/c";
  CAF_CHECK_EQUAL(on_disk(), "");
  CAF_CHECK(!std::filesystem::exists(folder / "a"));
  settings.data_dir = folder.write("f", "x");
  CAF_CHECK_EQUAL(on_disk(),
                  "node.data-dir: " + quoted("f") + " is no folder\n");
  settings.data_dir = (folder / "f") + "/below";
  CAF_CHECK_EQUAL(on_disk(),
                  "node.data-dir: " + quoted("f") + " is no folder\n");
  // Root may write everywhere.
  if (::geteuid() == 0)
    return;
  std::filesystem::create_directory(folder / "closed");
  ::chmod((folder / "closed").c_str(), 0500);
  settings.data_dir = folder / "closed/data";
  CAF_CHECK_EQUAL(on_disk(), "node.data-dir: " + quoted("closed")
                                 + ": Permission denied\n");
}

CAF_TEST(a worker is better off with a data folder) {
  auto warnings = [&] { return check_on_disk(settings, now).warnings.size(); };
  settings.roles.worker = true;
  CAF_CHECK_EQUAL(warnings(), 1u);
  settings.data_dir = folder / "data";
  CAF_CHECK_EQUAL(warnings(), 0u);
  settings.roles.worker = false;
  settings.data_dir.clear();
  CAF_CHECK_EQUAL(warnings(), 0u);
}

CAF_TEST(jobs can reach neither the journal nor the key) {
  std::filesystem::create_directories(folder / "media/ca");
  std::filesystem::create_directory_symlink(folder / "media", folder / "link");
  settings.roots = {{"media", folder / "media"}};
  settings.data_dir = folder / "link/journal";
  CAF_CHECK_EQUAL(on_disk(), "node.data-dir: lies in the root media\n");
  settings.data_dir = folder / "media2";
  CAF_CHECK_EQUAL(on_disk(), "");
  auto ca = init_authority(folder / "media/ca", "test", 10, now);
  auto alpha = issue_certificate(folder / "media/ca", "alpha", 10, now);
  CAF_REQUIRE(ca && alpha);
  settings.tls = tls_settings{alpha->certificate, alpha->key, ca->certificate};
  CAF_CHECK_EQUAL(on_disk(), "tls.key: lies in the root media\n");
}

CAF_TEST(certificates are blamed at their own line) {
  settings.tls = tls_settings{folder / "c", folder / "k", folder / "ca"};
  auto mistakes = check_on_disk(settings, now).mistakes;
  CAF_REQUIRE_EQUAL(mistakes.size(), 3u);
  CAF_CHECK_EQUAL(mistakes[0].subject, "tls.certificate");
  CAF_CHECK_EQUAL(mistakes[1].subject, "tls.key");
  CAF_CHECK_EQUAL(mistakes[2].subject, "tls.ca");
  for (const auto& x : mistakes) {
    CAF_CHECK(x.code == ec::bad_certificate);
    CAF_CHECK(x.cause.find("No such file") != std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
