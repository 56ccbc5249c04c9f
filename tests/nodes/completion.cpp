#define CAF_SUITE completion

#include "nodes/completion.hpp"

#include <filesystem>

#include <caf/test/unit_test.hpp>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

using list = std::vector<std::string>;

const completion_sources sources{[] {
                                   return list{"beta", "alpha", "alpine"};
                                 },
                                 [] {
                                   return list{
                                       "01890a5d-ac96-774b-bcce-b302099a8057",
                                       "01890a5d-ac96-774b-bcce-c302099a8058"};
                                 }};

list offered(std::string_view line) {
  return troupe::complete(line, {"exit", "help", "quit"}, sources).candidates;
}

} // namespace

CAF_TEST(verbs come first) {
  CAF_CHECK_EQUAL(offered("ca"), (list{"cancel", "caps"}));
  CAF_CHECK_EQUAL(offered("  qu"), list{"quit"});
  CAF_CHECK_EQUAL(offered("help mig"), list{"migrate"});
  CAF_CHECK(offered("no-such a").empty());
}

CAF_TEST(operands are what the verb takes) {
  CAF_CHECK_EQUAL(offered("caps al"), (list{"alpha", "alpine"}));
  CAF_CHECK_EQUAL(offered("drain beta al"), (list{"alpha", "alpine"}));
  CAF_CHECK_EQUAL(offered("job "), (list{"b302099a8057", "c302099a8058"}));
  CAF_CHECK_EQUAL(offered("cancel b3"), list{"b302099a8057"});
  CAF_CHECK_EQUAL(offered("cancel 0189").size(), 2u);
  CAF_CHECK(offered("nodes a").empty());
}

CAF_TEST(options are those of the verb) {
  CAF_CHECK_EQUAL(offered("jobs --"),
                  (list{"--all", "--help", "--json", "--limit", "--state"}));
  CAF_CHECK_EQUAL(offered("submit --prio"), list{"--priority"});
}

CAF_TEST(an option is followed by its value) {
  CAF_CHECK_EQUAL(offered("migrate b302 --to b"), list{"beta"});
  CAF_CHECK_EQUAL(offered("jobs --state ca"), list{"cancelled"});
  CAF_CHECK(offered("jobs --limit ").empty());
  // A flag has none.
  CAF_CHECK_EQUAL(offered("job --json b"), list{"b302099a8057"});
}

CAF_TEST(files are offered where files are meant) {
  test::temporary_folder folder;
  folder.write("jobs.json", "");
  folder.write(".hidden", "");
  std::filesystem::create_directory(folder / "shows");
  CAF_CHECK_EQUAL(offered("submit " + folder.path() + "/"),
                  (list{folder / "jobs.json", folder / "shows" + "/"}));
  CAF_CHECK_EQUAL(offered("submit --job " + folder.path() + "/.h"),
                  list{folder / ".hidden"});
}

CAF_TEST(what all candidates begin with is whole characters) {
  CAF_CHECK_EQUAL(common_beginning({"alpha", "alpine"}), "alp");
  CAF_CHECK_EQUAL(common_beginning({"alpha"}), "alpha");
  CAF_CHECK_EQUAL(common_beginning({}), "");
  CAF_CHECK_EQUAL(common_beginning({"a\u00e9", "a\u00e8"}), "a");
}
