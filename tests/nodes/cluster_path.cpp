#define CAF_SUITE cluster_path

#include "nodes/cluster_path.hpp"

#include <filesystem>
#include <fstream>

#include <caf/test/unit_test.hpp>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

namespace fs = std::filesystem;

struct fixture {
  test::temporary_folder folder;
  local_roots roots;

  fixture() {
    for (auto name : {"media/shows", "elsewhere"})
      fs::create_directories(at(name));
    roots["media"] = at("media");
  }

  std::string at(const std::string& name) const {
    return (fs::path{folder.path()} / name).string();
  }

  std::string translated(const std::string& path) {
    auto result = to_cluster_path("INPUT", path, roots);
    return result ? *result : std::string{to_string(result.error().code)};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cluster_path_tests, fixture)

CAF_TEST(a path below a root needs no translation) {
  CAF_CHECK_EQUAL(translated("other:/a b/c.mkv"), "other:/a b/c.mkv");
  CAF_CHECK_EQUAL(translated("other:/a//./c.mkv"), "other:/a/c.mkv");
  CAF_CHECK_EQUAL(translated("other:/../c.mkv"), "outside_roots");
  CAF_CHECK_EQUAL(translated("other:/"), "usage");
}

CAF_TEST(a local path is translated) {
  // It need not be there.
  CAF_CHECK_EQUAL(translated(at("media/shows/a.mkv")), "media:/shows/a.mkv");
  CAF_CHECK_EQUAL(translated(at("media/shows/../b.mkv")), "media:/b.mkv");
}

CAF_TEST(links in folders are followed) {
  fs::create_directory_symlink(at("media/shows"), at("elsewhere/link"));
  CAF_CHECK_EQUAL(translated(at("elsewhere/link/a.mkv")), "media:/shows/a.mkv");
  fs::create_directory_symlink(at("elsewhere"), at("media/out"));
  CAF_CHECK_EQUAL(translated(at("media/out/a.mkv")), "outside_roots");
}

CAF_TEST(what lies beneath no root is refused with advice) {
  auto result = to_cluster_path("INPUT", at("elsewhere/a.mkv"), roots);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::outside_roots);
  CAF_CHECK_EQUAL(result.error().subject, "INPUT " + at("elsewhere/a.mkv"));
  CAF_CHECK_EQUAL(result.error().cause,
                  "it lies beneath none of this machine's roots: media = "
                      + at("media"));
  roots.clear();
  result = to_cluster_path("INPUT", at("media/a.mkv"), roots);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::outside_roots);
  CAF_CHECK(result.error().advice.find("--config") != std::string::npos);
}

CAF_TEST(no path is refused) {
  CAF_CHECK_EQUAL(translated(""), "usage");
}

CAF_TEST_FIXTURE_SCOPE_END()
