#define CAF_SUITE cluster_text

#include "nodes/cluster_text.hpp"

#include <string>
#include <utility>
#include <vector>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

std::vector<job_summary> one_job(std::string name) {
  job_summary job;
  job.id = {0x01890a5dac967000, 0x8000000000000001};
  job.name = std::move(name);
  return {job};
}

} // namespace

CAF_TEST(a terminal gets the beginning of a long name) {
  auto jobs = one_job(std::string(4000, 'x'));
  CAF_CHECK_EQUAL(
      jobs_text(jobs, {true, true, false}),
      "id            name                                      state   done  "
      "prio  to go  where\n"
      "000000000001  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…  queued  0.0%  "
      "5\n");
}

CAF_TEST(who reads jobs from a pipe gets whole names) {
  std::string name(4000, 'x');
  CAF_CHECK(jobs_text(one_job(name), {}).find(name) != std::string::npos);
}

CAF_TEST(a name that fits stays whole) {
  std::string name(40, 'x');
  CAF_CHECK(jobs_text(one_job(name), {true, true, false}).find(name)
            != std::string::npos);
}
