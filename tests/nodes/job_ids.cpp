#define CAF_SUITE job_ids

#include "nodes/job_ids.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

job_summary job(std::string_view id, std::string name) {
  job_summary result;
  // Zero if it can't be read; no test looks for that.
  result.id = parse_job_id(id).value_or(job_id{});
  result.name = std::move(name);
  return result;
}

const std::vector<job_summary> jobs{
    job("01890a5d-ac96-774b-bcce-b302099a8057", "one"),
    job("01890a5d-ffff-774b-bcce-b302099a8058", "two"),
    job("02890a5d-ac96-774b-bcce-a302099a8057", "three")};

ec refusal(std::string_view text) {
  auto found = find_job(text, jobs);
  return found ? ec::none : found.error().code;
}

} // namespace

CAF_TEST(the beginning or the end of an id is enough) {
  for (auto [text, index] : {std::pair{"0289", 2},
                             {"01890a5d-f", 1},
                             {"8058", 1},
                             {"B302099A8057", 0},
                             {"01890a5d-ac96-774b-bcce-b302099a8057", 0}}) {
    auto found = find_job(text, jobs);
    CAF_REQUIRE(found);
    CAF_CHECK(*found == jobs[static_cast<size_t>(index)].id);
  }
}

CAF_TEST(several that fit are named) {
  auto found = find_job("01890a5d", jobs);
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().code == ec::conflict);
  CAF_CHECK_EQUAL(found.error().cause,
                  "it fits 2 jobs: 01890a5d-ac96-774b-bcce-b302099a8057 (one), "
                  "01890a5d-ffff-774b-bcce-b302099a8058 (two)");
}

CAF_TEST(what is no part of an id is refused) {
  CAF_CHECK(refusal("aaaa") == ec::not_found);
  for (auto text : {"", "018", "zzzz", "film.mkv", "*"})
    CAF_CHECK(refusal(text) == ec::usage);
}

CAF_TEST(the short id is the random part) {
  CAF_CHECK_EQUAL(short_id(jobs[0].id), "b302099a8057");
}
