#define CAF_SUITE job_id_source

#include "actors/job_id_source.hpp"

#include <string>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

struct fixture {
  uint64_t bits = 0;
  job_id_source ids{[this] { return bits; }};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_id_source_tests, fixture)

CAF_TEST(an id is the one that its time and random bits make) {
  bits = 0x123456789abcdef0;
  CAF_CHECK(ids.next(1'700'000'000'000)
            == make_job_id(1'700'000'000'000, bits, bits));
}

CAF_TEST(ids of one millisecond grow although the random bits do not ) {
  auto last = ids.next(1000);
  for (int i = 0; i < 10'000; ++i) {
    auto id = ids.next(1000);
    CAF_REQUIRE(last < id);
    last = id;
  }
}

CAF_TEST(
    ids grow when the clock steps back and go on with it once it is ahead) {
  auto first = ids.next(5000);
  auto second = ids.next(10);
  CAF_CHECK(first < second);
  auto third = ids.next(6000);
  CAF_CHECK(second < third);
  CAF_CHECK(third == make_job_id(6000, 0, 0));
}

CAF_TEST(a full millisecond goes on in the next and stays a proper id) {
  bits = ~uint64_t{0};
  ids.next(1000);
  auto id = ids.next(1000);
  CAF_CHECK_EQUAL(id.high, make_job_id(1001, 0, 0).high);
  CAF_CHECK(parse_job_id(to_string(id)) == id);
}

CAF_TEST_FIXTURE_SCOPE_END()
