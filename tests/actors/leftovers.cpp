#define CAF_SUITE leftovers

#include "actors/leftovers.hpp"

#include <filesystem>

#include <caf/test/unit_test.hpp>

#include "actors/output_files.hpp"
#include "actors/output_names.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace fs = std::filesystem;

namespace {

using names = std::set<std::string>;

struct fixture {
  test::temporary_folder data; ///< of the node
  test::temporary_folder media;
  test::temporary_folder elsewhere;
  file_space files;
  attempt_id attempt{make_job_id(1, 2, 3), 0, 4};
  std::string partial = partial_name("out", attempt);

  fixture() {
    auto opened = root_table::open({{"media", media.path()}});
    CAF_REQUIRE(opened);
    files = file_space{std::make_shared<root_table>(std::move(*opened))};
  }

  std::shared_ptr<leftovers> open() {
    auto result = leftovers::open(data / "leftovers");
    CAF_REQUIRE(result);
    return *result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(leftovers_tests, fixture)

CAF_TEST(a node finds what it noted before it was killed) {
  CAF_CHECK(open()->entries().empty());
  open()->add({"media:/a", "media:/line\nend", "media:/100%0a"});
  open()->remove({"media:/a", "media:/unknown"});
  CAF_CHECK((open()->entries() == names{"media:/line\nend", "media:/100%0a"}));
}

CAF_TEST(what was left behind is unlinked) {
  media.write(partial, "half");
  open()->add({"media:/" + partial, "media:/gone/" + partial});
  CAF_CHECK_EQUAL(open()->sweep(files), 2u);
  CAF_CHECK(media.names().empty());
  CAF_CHECK(open()->entries().empty());
  CAF_CHECK_EQUAL(open()->sweep(files), 0u);
}

CAF_TEST(nothing but partial files beneath roots is touched) {
  media.write("film", "x");
  media.write(".hidden.partial", "x");
  elsewhere.write(partial, "x");
  fs::create_symlink(elsewhere.path(), media / "link");
  open()->add({"media:/film", "media:/.hidden.partial", elsewhere / partial,
               "media:/link/" + partial, "media:/../" + partial,
               "films:/" + partial, ""});
  open()->sweep(files);
  CAF_CHECK((media.names() == names{".hidden.partial", "film", "link"}));
  CAF_CHECK((elsewhere.names() == names{partial}));
  CAF_CHECK(open()->entries().empty());
}

CAF_TEST(what cannot be unlinked stays noted) {
  fs::create_directory(media / partial);
  open()->add({"media:/" + partial});
  CAF_CHECK_EQUAL(open()->sweep(files), 0u);
  CAF_CHECK_EQUAL(open()->entries().size(), 1u);
}

CAF_TEST(a line without an end is not whole) {
  data.write("leftovers", "media:/a\nmedia:/b");
  CAF_CHECK((open()->entries() == names{"media:/a"}));
}

CAF_TEST(a list that cannot be read is told) {
  fs::create_directory(data / "leftovers");
  auto result = leftovers::open(data / "leftovers");
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::io_error);
}

CAF_TEST(outputs are noted for as long as they have partial files) {
  media.write("in", "media");
  auto source = source_file::open("media:/in", files);
  CAF_REQUIRE(source);
  task_spec task;
  task.id = attempt;
  task.outputs = {"media:/out"};
  auto list = open();
  {
    auto created = output_files::create(task, *source, files, list);
    CAF_REQUIRE(created);
    CAF_CHECK((open()->entries() == names{"media:/" + partial}));
    CAF_CHECK(media.names().contains(partial));
  }
  CAF_CHECK(open()->entries().empty());
  CAF_CHECK((media.names() == names{"in"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
