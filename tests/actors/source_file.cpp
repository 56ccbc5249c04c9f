#define CAF_SUITE source_file

#include "actors/source_file.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace fs = std::filesystem;

namespace {

struct fixture {
  test::temporary_folder folder;
  file_space here; ///< this machine

  ec code_of(const std::string& path) {
    auto result = source_file::open(path, here);
    return result ? ec::none : result.error().code;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(source_file_tests, fixture)

CAF_TEST(a file is opened for reading only) {
  auto source = source_file::open(folder.write("a", "text"), here);
  CAF_REQUIRE(source);
  auto flags = ::fcntl(source->descriptor(), F_GETFL);
  CAF_CHECK_EQUAL(flags & O_ACCMODE, O_RDONLY);
  CAF_CHECK((::fcntl(source->descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
}

CAF_TEST(a link to a file is that file) {
  fs::create_symlink(folder.write("a", "text"), folder / "link");
  auto source = source_file::open(folder / "link", here);
  CAF_REQUIRE(source);
  struct stat found {};
  CAF_REQUIRE_EQUAL(::stat((folder / "a").c_str(), &found), 0);
  CAF_CHECK(source->is(found));
  folder.write("b", "text");
  CAF_REQUIRE_EQUAL(::stat((folder / "b").c_str(), &found), 0);
  CAF_CHECK(!source->is(found));
}

CAF_TEST(what is not there or cannot be read is no input) {
  CAF_CHECK(code_of(folder / "missing") == ec::no_input);
  CAF_CHECK(code_of("") == ec::no_input);
  CAF_CHECK(code_of(folder.write("a", "text") + "/b") == ec::no_input);
  fs::create_symlink(folder / "loop", folder / "loop");
  CAF_CHECK(code_of(folder / "loop") == ec::no_input);
  // Root may read everything.
  fs::permissions(folder / "a", fs::perms::none);
  if (::geteuid() != 0)
    CAF_CHECK(code_of(folder / "a") == ec::no_input);
}

CAF_TEST(folders and pipes and devices are no input and do not hang) {
  CAF_CHECK(code_of(folder.path()) == ec::no_input);
  CAF_REQUIRE_EQUAL(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  CAF_CHECK(code_of(folder / "pipe") == ec::no_input);
  CAF_CHECK(code_of("/dev/zero") == ec::no_input);
  auto error = source_file::open(folder / "pipe", here).error();
  CAF_CHECK_EQUAL(error.subject, folder / "pipe");
  CAF_CHECK(!error.advice.empty());
}

CAF_TEST(an empty file is bad input) {
  CAF_CHECK(code_of(folder.write("empty", "")) == ec::bad_input);
}

CAF_TEST(a file that rests is unchanged) {
  auto source = source_file::open(folder.write("a", "text"), here);
  CAF_REQUIRE(source);
  CAF_CHECK(source->check_unchanged());
  fs::rename(folder / "a", folder / "b");
  CAF_CHECK(source->check_unchanged());
}

CAF_TEST(a file that grows or is written again has changed) {
  auto source = source_file::open(folder.write("a", "text"), here);
  CAF_REQUIRE(source);
  std::ofstream{folder / "a", std::ios::app} << "more";
  auto result = source->check_unchanged();
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::input_changed);
  CAF_CHECK_EQUAL(result.error().subject, folder / "a");

  auto other = source_file::open(folder.write("b", "text"), here);
  CAF_REQUIRE(other);
  fs::last_write_time(folder / "b",
                      fs::file_time_type::clock::now() + std::chrono::hours{1});
  CAF_CHECK(!other->check_unchanged());
}

CAF_TEST_FIXTURE_SCOPE_END()
