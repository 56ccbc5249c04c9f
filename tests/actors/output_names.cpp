#define CAF_SUITE output_names

#include "actors/output_names.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

const attempt_id attempt{make_job_id(1, 2, 3), 7, 12};
const std::string id = to_string(attempt.job);

} // namespace

CAF_TEST(a partial file names its output and job and attempt) {
  CAF_CHECK_EQUAL(partial_name("out.mp4", attempt),
                  ".out.mp4." + id + "-12.partial");
}

CAF_TEST(a long name is cut between characters) {
  std::string name(162, 'x');
  for (int i = 0; i < 30; ++i)
    name += "\xc3\xa4";
  auto partial = partial_name(name, attempt);
  CAF_CHECK(partial.starts_with('.' + std::string(162, 'x') + '~'));
  CAF_CHECK_EQUAL(partial.size(), ("." + std::string(162, 'x')
                                   + "~0123456789abcdef." + id + "-12.partial")
                                      .size());
  CAF_CHECK(is_partial_name(partial, name, attempt.job));
}

CAF_TEST(long names that differ at their end have different partial files) {
  std::string title(200, 'x');
  CAF_CHECK_NOT_EQUAL(partial_name(title + "_720p.mp4", attempt),
                      partial_name(title + "_480p.mp4", attempt));
  CAF_CHECK(!is_partial_name(partial_name(title + "_720p.mp4", attempt),
                             title + "_480p.mp4", attempt.job));
}

CAF_TEST(only names of the output and job and with a number are its partials) {
  auto job = attempt.job;
  CAF_CHECK(is_partial_name(".a." + id + "-1.partial", "a", job));
  CAF_CHECK(!is_partial_name(".b." + id + "-1.partial", "a", job));
  CAF_CHECK(
      !is_partial_name(".a." + id + "-1.partial", "a", make_job_id(9, 9, 9)));
  CAF_CHECK(!is_partial_name(".a." + id + "-.partial", "a", job));
  CAF_CHECK(!is_partial_name(".a." + id + "-1x.partial", "a", job));
  CAF_CHECK(!is_partial_name(".a." + id + "-1", "a", job));
  CAF_CHECK(!is_partial_name("a." + id + "-1.partial", "a", job));
}

CAF_TEST(whose a partial file is can be read from its name) {
  auto found = attempt_in(partial_name("out - 1.mp4", attempt));
  CAF_REQUIRE(found);
  CAF_CHECK((*found == attempt_id{attempt.job, 0, 12}));
  for (const auto& text :
       {std::string{}, std::string{"-"}, "." + id + "-1.partial",
        ".." + id + "-1.partial", "a." + id + "-1.partial",
        ".a." + id + "-1.part", ".a." + id + "-1234567890123.partial",
        ".a" + id + "-1.partial", std::string{".a.0-1.partial"}})
    CAF_CHECK(!attempt_in(text));
}
