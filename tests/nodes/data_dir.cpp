#define CAF_SUITE data_dir

#include "nodes/data_dir.hpp"

#include <fstream>

#include <caf/test/dsl.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

struct fixture {
  temporary_folder folder;
  std::string path = folder.path() + "/state/alpha";
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(data_dir_tests, fixture)

CAF_TEST(a folder that is not there is made for its owner alone) {
  auto taken = data_dir::open(path);
  CAF_REQUIRE(taken);
  struct stat info {};
  CAF_REQUIRE_EQUAL(stat(path.c_str(), &info), 0);
  CAF_CHECK_EQUAL(info.st_mode & 0777, 0700u);
  CAF_CHECK_EQUAL(taken->file("journal.db"), path + "/journal.db");
}

CAF_TEST(a second holder is refused and told who has it) {
  auto first = data_dir::open(path);
  CAF_REQUIRE(first);
  auto second = data_dir::open(path);
  CAF_REQUIRE(!second);
  CAF_CHECK(second.error().code == ec::conflict);
  CAF_CHECK_EQUAL(second.error().cause,
                  "is in use by process " + std::to_string(getpid()));
}

CAF_TEST(what was let go can be taken again) {
  { CAF_CHECK(data_dir::open(path)); }
  CAF_CHECK(data_dir::open(path));
}

CAF_TEST(a lock that leads elsewhere is not written to) {
  auto victim = folder.write("victim", "precious");
  auto there = folder / "linked";
  CAF_REQUIRE_EQUAL(::mkdir(there.c_str(), 0700), 0);
  CAF_REQUIRE_EQUAL(::symlink(victim.c_str(), (there + "/lock").c_str()), 0);
  CAF_CHECK(!data_dir::open(there));
  std::string text;
  std::getline(std::ifstream{victim}, text);
  CAF_CHECK_EQUAL(text, "precious");
}

CAF_TEST(a file in the place of the folder is an error) {
  std::ofstream{folder.path() + "/file"} << "x";
  auto taken = data_dir::open(folder.path() + "/file");
  CAF_REQUIRE(!taken);
  CAF_CHECK(taken.error().code == ec::cannot_create);
}

CAF_TEST_FIXTURE_SCOPE_END()
