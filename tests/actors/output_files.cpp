#define CAF_SUITE output_files

#include "actors/output_files.hpp"

#include <filesystem>
#include <optional>

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace fs = std::filesystem;

namespace {

using strings = std::vector<std::string>;
using names = std::set<std::string>;

struct fixture {
  test::temporary_folder folder;
  source_file source = opened(folder.write("source", "media"));
  attempt_id attempt{make_job_id(1, 2, 3), 1, 2};
  /// Nobody was granted before.
  publish_grant alone{attempt, true, {}};

  file_space here; ///< this machine
  bool in_doubt = false;

  task_spec task(const strings& paths, bool replace) const {
    task_spec result;
    result.id = attempt;
    result.kind = task_kind::whole;
    result.outputs = paths;
    result.replace = replace;
    result.in_doubt = in_doubt;
    return result;
  }

  static source_file opened(const std::string& path) {
    auto result = source_file::open(path, file_space{});
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  output_files create(const strings& paths, bool replace = false) {
    auto result = output_files::create(task(paths, replace), source, here);
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  failure refusal(const std::string& path, bool replace = false) {
    auto result = output_files::create(task({path}, replace), source, here);
    CAF_REQUIRE(!result);
    auto checked = output_files::check(task({path}, replace), source, here);
    CAF_REQUIRE(!checked);
    CAF_CHECK(checked.error() == result.error());
    CAF_CHECK_EQUAL(result.error().subject, path);
    return result.error();
  }

  static void fill(const output_files& files, size_t index,
                   const std::string& text) {
    CAF_REQUIRE_EQUAL(
        ::write(files.descriptors().at(index), text.data(), text.size()),
        static_cast<ssize_t>(text.size()));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(output_files_tests, fixture)

CAF_TEST(a partial file names its job and attempt and goes with the object) {
  std::optional<output_files> files{create({folder / "out.mp4"})};
  auto partial = ".out.mp4." + to_string(attempt.job) + "-2.partial";
  CAF_CHECK((folder.names() == names{"source", partial}));
  auto flags = ::fcntl(files->descriptors().at(0), F_GETFL);
  CAF_CHECK_EQUAL(flags & O_ACCMODE, O_RDWR);
  files.reset();
  CAF_CHECK((folder.names() == names{"source"}));
}

CAF_TEST(a published file has its final name and what was written) {
  {
    auto files = create({folder / "out.mp4"});
    fill(files, 0, "result");
    CAF_CHECK_EQUAL(files.size_bytes(0), 6u);
    CAF_CHECK(files.publish(alone, source));
  }
  CAF_CHECK((folder.names() == names{"out.mp4", "source"}));
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "result");
}

CAF_TEST(a new file has the rights that the umask leaves) {
  auto before = ::umask(027);
  CAF_CHECK(create({folder / "out"}).publish(alone, source));
  ::umask(before);
  struct stat found {};
  CAF_REQUIRE_EQUAL(::stat((folder / "out").c_str(), &found), 0);
  CAF_CHECK_EQUAL(found.st_mode & 0777, 0640u);
}

CAF_TEST(an existing output is refused before anything is made) {
  folder.write("out", "old");
  CAF_CHECK(refusal(folder / "out").code == ec::output_exists);
  fs::create_symlink("nowhere", folder / "dangling");
  CAF_CHECK(refusal(folder / "dangling").code == ec::output_exists);
  CAF_CHECK((folder.names() == names{"dangling", "out", "source"}));
}

CAF_TEST(an existing output gives way when that is wanted) {
  folder.write("out", "old");
  {
    auto files = create({folder / "out"}, true);
    fill(files, 0, "new");
    CAF_CHECK_EQUAL(folder.read("out"), "old");
    CAF_CHECK(files.publish(alone, source));
  }
  CAF_CHECK_EQUAL(folder.read("out"), "new");
  CAF_CHECK((folder.names() == names{"out", "source"}));
}

CAF_TEST(replacing what is not there just makes it) {
  {
    auto files = create({folder / "out"}, true);
    fill(files, 0, "new");
    CAF_CHECK(files.publish(alone, source));
  }
  CAF_CHECK_EQUAL(folder.read("out"), "new");
  CAF_CHECK((folder.names() == names{"out", "source"}));
}

CAF_TEST(the source is never an output by whatever name) {
  fs::create_symlink(folder / "source", folder / "link");
  fs::create_hard_link(folder / "source", folder / "twin");
  for (auto name : {"source", "link", "twin"})
    for (auto replace : {false, true})
      CAF_CHECK(refusal(folder / name, replace).code == ec::impossible_job);
  CAF_CHECK_EQUAL(folder.read("source"), "media");
}

CAF_TEST(an output that appears meanwhile is not touched) {
  {
    auto files = create({folder / "out"});
    folder.write("out", "theirs");
    auto result = files.publish(alone, source);
    CAF_REQUIRE(!result);
    CAF_CHECK(result.error().code == ec::output_exists);
    CAF_CHECK_EQUAL(result.error().subject, folder / "out");
  }
  CAF_CHECK_EQUAL(folder.read("out"), "theirs");
  CAF_CHECK((folder.names() == names{"out", "source"}));
}

CAF_TEST(of several outputs all are published or none) {
  {
    auto files = create({folder / "a", folder / "b", folder / "c"});
    folder.write("b", "theirs");
    CAF_CHECK(!files.publish(alone, source));
  }
  CAF_CHECK((folder.names() == names{"b", "source"}));
  {
    folder.write("a", "old");
    auto files = create({folder / "a", folder / "b"}, true);
    fill(files, 0, "new");
    // The first is in place already when this turns up.
    fs::remove(folder / "b");
    fs::create_directory(folder / "b");
    auto result = files.publish(alone, source);
    CAF_CHECK(!result);
  }
  CAF_CHECK_EQUAL(folder.read("a"), "old");
  CAF_CHECK((folder.names() == names{"a", "b", "source"}));
  CAF_CHECK(fs::is_directory(folder / "b"));
}

CAF_TEST(whoever is let publish takes the file of an attempt in doubt away) {
  auto before = create({folder / "a", folder / "b"});
  attempt.number = 3;
  {
    auto files = create({folder / "a", folder / "b"});
    publish_grant grant{attempt, true, {2}};
    CAF_CHECK(files.publish(grant, source));
  }
  auto result = before.publish(alone, source);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::io_error);
  CAF_CHECK((folder.names() == names{"a", "b", "source"}));
}

CAF_TEST(what other attempts of the job left behind goes) {
  auto mine = to_string(attempt.job);
  auto other = to_string(make_job_id(9, 9, 9));
  names foreign{".out." + other + "-1.partial", ".ou." + mine + "-1.partial",
                ".out." + mine + "-1.part", "source"};
  for (const auto& name : foreign)
    folder.write(name, "x");
  folder.write("source", "media");
  folder.write(".out." + mine + "-1.partial", "old");
  folder.write(".out." + mine + "-77.partial", "old");
  CAF_CHECK(create({folder / "out"}).publish(alone, opened(folder / "source")));
  foreign.insert("out");
  CAF_CHECK(folder.names() == foreign);
}

CAF_TEST(what an attempt in doubt published is taken for its own) {
  folder.write("out", "result");
  in_doubt = true;
  {
    auto files = create({folder / "out"});
    fill(files, 0, "result");
    CAF_CHECK(files.publish({attempt, true, {1}}, source));
  }
  CAF_CHECK_EQUAL(folder.read("out"), "result");
  CAF_CHECK((folder.names() == names{"out", "source"}));
}

CAF_TEST(a file that differs is nobody in doubt and stays) {
  folder.write("out", "theirs");
  in_doubt = true;
  for (const auto& text : {"result", "other!"}) {
    auto files = create({folder / "out"});
    fill(files, 0, text);
    auto result = files.publish({attempt, true, {1}}, source);
    CAF_REQUIRE(!result);
    CAF_CHECK(result.error().code == ec::output_exists);
  }
  CAF_CHECK_EQUAL(folder.read("out"), "theirs");
}

CAF_TEST(the same bytes are no reason to take a file where nobody is in doubt) {
  auto files = create({folder / "out"});
  folder.write("out", "result");
  fill(files, 0, "result");
  auto result = files.publish(alone, source);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::output_exists);
}

CAF_TEST(a disk without room for the result is refused before anything is made) {
  auto job = task({folder / "out"}, false);
  job.plan.duration_s = 1e9;
  job.plan.outputs.resize(1);
  auto& streams = job.plan.outputs[0].streams;
  streams.resize(1);
  streams[0].action = stream_action::encode;
  streams[0].video.bit_rate = 1'000'000'000'000;
  auto result = output_files::create(job, source, here);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::disk_full);
  CAF_CHECK_EQUAL(result.error().subject, folder / "out");
  CAF_CHECK((folder.names() == names{"source"}));
}

CAF_TEST(a folder that is not there or is a file cannot hold outputs) {
  CAF_CHECK(refusal(folder / "missing/out").code == ec::cannot_create);
  CAF_CHECK(refusal(folder / "source/out").code == ec::cannot_create);
  CAF_CHECK(refusal(folder / ".").code == ec::cannot_create);
  CAF_CHECK(refusal(folder / "").code == ec::cannot_create);
}

CAF_TEST(folders and devices are not replaced) {
  fs::create_directory(folder / "sub");
  CAF_CHECK(refusal(folder / "sub", true).code == ec::cannot_create);
  CAF_CHECK(refusal("/dev/null", true).code == ec::cannot_create);
}

CAF_TEST(a folder that cannot be written to is refused) {
  if (::geteuid() == 0)
    return;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  CAF_CHECK(refusal(folder / "out").code == ec::cannot_create);
  fs::permissions(folder.path(), fs::perms::owner_all);
}

CAF_TEST(names too long for the disk are refused and long ones are not) {
  CAF_CHECK(refusal(folder / std::string(300, 'x')).code == ec::cannot_create);
  // 250 bytes; the partial name is cut, but not within a character.
  std::string name;
  while (name.size() < 250)
    name += "\xc3\xa4";
  {
    auto files = create({folder / name});
    CAF_CHECK(files.publish(alone, source));
  }
  CAF_CHECK((folder.names() == names{name, "source"}));
}

CAF_TEST(a folder swapped while the job runs does not lead the result astray) {
  fs::create_directory(folder / "sub");
  fs::create_directory(folder / "trap");
  {
    auto files = create({folder / "sub/out"});
    fs::rename(folder / "sub", folder / "moved");
    fs::create_symlink(folder / "trap", folder / "sub");
    CAF_CHECK(files.publish(alone, source));
  }
  CAF_CHECK(fs::exists(folder / "moved/out"));
  CAF_CHECK(fs::is_empty(folder / "trap"));
}

CAF_TEST_FIXTURE_SCOPE_END()
