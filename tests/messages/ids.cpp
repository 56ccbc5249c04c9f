#define CAF_SUITE ids

#include "messages/ids.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(an id is a UUID of version 7 and variant 10) {
  auto text = to_string(make_job_id(0x01890a5dac96, ~0ull, ~0ull));
  CAF_CHECK_EQUAL(text, "01890a5d-ac96-7fff-bfff-ffffffffffff");
  text = to_string(make_job_id(0x01890a5dac96, 0, 0));
  CAF_CHECK_EQUAL(text, "01890a5d-ac96-7000-8000-000000000000");
}

CAF_TEST(ids sort by time as numbers and as text) {
  auto early = make_job_id(1000, ~0ull, ~0ull);
  auto late = make_job_id(1001, 0, 0);
  CAF_CHECK(early < late);
  CAF_CHECK(to_string(early) < to_string(late));
}

CAF_TEST(ids made one after the other differ) {
  CAF_CHECK(make_job_id() != make_job_id());
}

CAF_TEST(the canonical form reads back) {
  auto id = make_job_id();
  auto read = parse_job_id(to_string(id));
  CAF_REQUIRE(read);
  CAF_CHECK(*read == id);
}

CAF_TEST(anything but the canonical form is refused) {
  CAF_CHECK(!parse_job_id(""));
  CAF_CHECK(!parse_job_id("01890a5d-ac96-774b-bcce-b302099a805"));
  CAF_CHECK(!parse_job_id("01890a5d-ac96-774b-bcce-b302099a80570"));
  CAF_CHECK(!parse_job_id("01890a5dac96-774b-bcce-b302099a8057-"));
  CAF_CHECK(!parse_job_id("01890a5d-ac96-774b-bcce-b302099a805g"));
  CAF_CHECK(!parse_job_id("01890A5D-ac96-774b-bcce-b302099a8057"));
  CAF_CHECK(!parse_job_id("01890a5d+ac96-774b-bcce-b302099a8057"));
}

CAF_TEST(an attempt renders as job and task and number) {
  auto job = make_job_id(1, 2, 3);
  CAF_CHECK_EQUAL(to_string(attempt_id{job, 4, 5}), to_string(job) + "/4/5");
}
