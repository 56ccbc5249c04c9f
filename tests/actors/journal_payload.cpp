#define CAF_SUITE journal_payload

#include "actors/journal_payload.hpp"

#include <limits>

#include <caf/test/dsl.hpp>

#include "tests/actors/journal_samples.hpp"

using namespace troupe;
using namespace troupe::test;

CAF_TEST(a spec comes back with every field but its name) {
  auto spec = full_spec();
  auto back = read_spec(write_spec(spec));
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(back->name.empty());
  spec.name.clear();
  CAF_CHECK(*back == spec);
}

CAF_TEST(a spec whose fields are all zero comes back) {
  job_spec spec;
  spec.stall_timeout_s = 0;
  spec.what.fps = {0, 0};
  spec.what.renditions = {{0}};
  auto back = read_spec(write_spec(spec));
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(*back == spec);
}

CAF_TEST(paths that are no UTF - 8 come back byte by byte) {
  job_spec spec;
  for (int byte = 0; byte < 256; ++byte)
    spec.input += static_cast<char>(byte);
  spec.output = "media:/\xc3(.mp4";
  auto text = write_spec(spec);
  auto back = read_spec(text);
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(*back == spec);
}

CAF_TEST(unknown fields are ignored and missing ones have their default) {
  auto back = read_spec(R"({"input":"a","new":{"x":[1]},"operation":{"y":1}})");
  CAF_REQUIRE(back.has_value());
  job_spec expected;
  expected.input = "a";
  CAF_CHECK(*back == expected);
}

CAF_TEST(what is no spec is told from one) {
  for (auto text :
       {"", "{", "[]", "null", R"({"input":1})", R"({"priority":-1})",
        R"({"priority":4294967296})", R"({"replace":"yes"})",
        R"({"input":{"bytes":[256]}})", R"({"input":{"bytes":["a"]}})",
        R"({"input":{}})", R"({"operation":[]})", R"({"timeout_s":"1"})",
        R"({"operation":{"renditions":{}}})",
        R"({"operation":{"renditions":[1]}})",
        R"({"operation":{"bit_rate":1.5}})"})
    CAF_CHECK_EQUAL(read_spec(text) ? text : "", std::string{});
}

CAF_TEST(numbers that are none are left out) {
  job_spec spec;
  spec.timeout_s = std::numeric_limits<double>::infinity();
  spec.what.crf = std::numeric_limits<double>::quiet_NaN();
  auto back = read_spec(write_spec(spec));
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(*back == job_spec{});
}

CAF_TEST(a result comes back with every field) {
  auto result = full_result();
  auto back = read_result(write_result(result));
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(bytes_of(*back) == bytes_of(result));
  CAF_CHECK(!read_result(R"({"outputs":[[]]})"));
}

CAF_TEST(a failure comes back with every field) {
  failure error{ec::bad_input, "a\xff", "b", "c"};
  auto back = read_failure(write_failure(error));
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(*back == error);
  CAF_CHECK(!read_failure(R"({"code":1})"));
}

CAF_TEST(a code that a later troupe gave is an internal error) {
  auto back = read_failure(R"({"code":"of_tomorrow","cause":"why"})");
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(back->code == ec::internal);
  CAF_CHECK(back->cause == "why");
}

CAF_TEST(names come back in their order) {
  std::vector<std::string> names{"b", "", "\xff", "a"};
  auto back = read_names(write_names(names));
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(*back == names);
  CAF_CHECK(!read_names("{}"));
}

CAF_TEST(a plan comes back and anything else is none) {
  auto bytes = write_plan(full_plan());
  auto back = read_plan(bytes);
  CAF_REQUIRE(back.has_value());
  CAF_CHECK(bytes_of(*back) == bytes_of(full_plan()));
  CAF_CHECK(!read_plan(bytes + "x"));
  CAF_CHECK(!read_plan(std::string_view{bytes}.substr(1)));
}
