#define CAF_SUITE roots

#include "actors/roots.hpp"

#include <filesystem>

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

#include "actors/file_space.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace fs = std::filesystem;

namespace {

/// A root `media` with a folder and a file in it, and a file beside it.
struct fixture {
  test::temporary_folder folder;
  file_space files;

  fixture() {
    fs::create_directories(folder / "media/shows");
    folder.write("media/shows/a", "inside");
    folder.write("secret", "outside");
    auto opened = root_table::open({{"media", folder / "media"}});
    CAF_REQUIRE(opened);
    files = file_space{std::make_shared<root_table>(std::move(*opened))};
  }

  /// What is read there, or the code of a refusal, or the system's error.
  std::string read(const std::string& path) {
    auto opened = files.open(path, O_RDONLY);
    if (!opened)
      return std::string{to_string(opened.error().code)};
    if (!opened->file)
      return "error " + std::to_string(opened->error);
    char text[16];
    auto size = ::read(opened->file.get(), text, sizeof text);
    return size < 0 ? "unreadable" : std::string(text, size);
  }

  std::string name_in_folder(const std::string& path) {
    auto opened = files.open_folder(path);
    if (!opened)
      return std::string{to_string(opened.error().code)};
    return opened->folder.file ? opened->path + " | " + opened->name : "none";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(roots_tests, fixture)

CAF_TEST(what lies beneath a root is opened) {
  CAF_CHECK_EQUAL(read("media:/shows/a"), "inside");
  CAF_CHECK_EQUAL(read("media:/shows/missing"),
                  "error " + std::to_string(ENOENT));
  CAF_CHECK_EQUAL(name_in_folder("media:/shows/new"), "media:/shows | new");
  CAF_CHECK_EQUAL(name_in_folder("media:/new"), "media:/ | new");
  CAF_CHECK_EQUAL(name_in_folder("media:/nowhere/new"), "none");
  CAF_CHECK_EQUAL(name_in_folder("media:/shows/a/new"), "none");
}

CAF_TEST(a descriptor is not inherited and an unknown root is not found) {
  auto opened = files.open("media:/shows/a", O_RDONLY);
  CAF_REQUIRE(opened);
  CAF_CHECK((::fcntl(opened->file.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CAF_CHECK_EQUAL(read("films:/a"), "not_found");
  CAF_CHECK_EQUAL(name_in_folder("films:/a"), "not_found");
}

CAF_TEST(paths that name no root or lead back are refused) {
  for (auto path :
       {"", "shows/a", "media:/../secret", "media:/shows/../../secret"})
    CAF_CHECK_EQUAL(read(path), "outside_roots");
  CAF_CHECK_EQUAL(read(folder / "secret"), "outside_roots");
  CAF_CHECK_EQUAL(read("media:/"), "usage");
  CAF_CHECK_EQUAL(read(std::string{"media:/shows\0a", 14}), "usage");
  CAF_CHECK_EQUAL(name_in_folder("media:/../new"), "outside_roots");
}

CAF_TEST(links within a root work and those that leave it do not ) {
  fs::create_symlink("shows", folder / "media/inside");
  fs::create_symlink("../secret", folder / "media/file-out");
  fs::create_symlink("..", folder / "media/folder-out");
  fs::create_symlink(folder / "secret", folder / "media/absolute");
  fs::create_symlink(folder / "media/shows", folder / "media/absolute-in");
  CAF_CHECK_EQUAL(read("media:/inside/a"), "inside");
  CAF_CHECK_EQUAL(read("media:/file-out"), "outside_roots");
  CAF_CHECK_EQUAL(read("media:/folder-out/secret"), "outside_roots");
  CAF_CHECK_EQUAL(read("media:/absolute"), "outside_roots");
  CAF_CHECK_EQUAL(read("media:/absolute-in/a"), "outside_roots");
  CAF_CHECK_EQUAL(name_in_folder("media:/inside/new"), "media:/inside | new");
  CAF_CHECK_EQUAL(name_in_folder("media:/folder-out/new"), "outside_roots");
  CAF_CHECK_EQUAL(name_in_folder("media:/absolute-in/new"), "outside_roots");
}

CAF_TEST(links of the process file system lead nowhere) {
  auto opened = root_table::open({{"proc", "/proc/self"}});
  CAF_REQUIRE(opened);
  files = file_space{std::make_shared<root_table>(std::move(*opened))};
  CAF_CHECK(read("proc:/root/etc/passwd") != "");
  CAF_CHECK_EQUAL(name_in_folder("proc:/root/new").substr(0, 6), "none");
  CAF_CHECK_EQUAL(name_in_folder("proc:/cwd/new").substr(0, 6), "none");
}

CAF_TEST(a root stays the directory that it was) {
  fs::rename(folder / "media", folder / "moved");
  fs::create_directories(folder / "media/shows");
  folder.write("media/shows/a", "another");
  CAF_CHECK_EQUAL(read("media:/shows/a"), "inside");
}

CAF_TEST(a root that is not there is a mistake of the configuration) {
  for (auto path : {folder / "missing", folder / "secret"}) {
    auto opened = root_table::open({{"films", path}});
    CAF_REQUIRE(!opened);
    CAF_CHECK(opened.error().code == ec::bad_config);
    CAF_CHECK_EQUAL(opened.error().subject, "roots.films");
    CAF_CHECK(opened.error().cause.find(path) != std::string::npos);
  }
}

CAF_TEST(roots are told of with their room) {
  fs::create_directory(folder / "other");
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed",
                  fs::perms::owner_read | fs::perms::owner_exec);
  auto opened = root_table::open({{"b", folder / "media"},
                                  {"a", folder / "other"},
                                  {"c", folder / "closed"}});
  CAF_REQUIRE(opened);
  auto found = opened->statuses();
  CAF_REQUIRE_EQUAL(found.size(), 3u);
  CAF_CHECK_EQUAL(found[0].name, "a");
  CAF_CHECK(found[0].writable);
  CAF_CHECK(found[0].free_bytes > 0);
  CAF_CHECK_EQUAL(found[1].name, "b");
  // Root may write everywhere.
  CAF_CHECK_EQUAL(found[2].writable, ::geteuid() == 0);
}

CAF_TEST(without roots a path is one of this machine) {
  files = file_space{};
  CAF_CHECK_EQUAL(read(folder / "secret"), "outside");
  CAF_CHECK_EQUAL(read("media:/shows/a"), "error " + std::to_string(ENOENT));
  CAF_CHECK_EQUAL(name_in_folder(folder / "new"), folder.path() + " | new");
  CAF_CHECK_EQUAL(name_in_folder("/new"), "/ | new");
  CAF_CHECK_EQUAL(name_in_folder("new"), ". | new");
}

CAF_TEST_FIXTURE_SCOPE_END()
