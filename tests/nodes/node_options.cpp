#define CAF_SUITE node_options

#include "nodes/node_options.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(without options the session has the default limits and is not nice) {
  auto settings = read_node_settings({});
  CAF_REQUIRE(settings);
  node_settings expected;
  expected.session.nice = 0;
  CAF_CHECK(*settings == expected);
}

CAF_TEST(limits are taken from the options) {
  auto settings = read_node_settings({"2GiB", "500MB", "19"});
  CAF_REQUIRE(settings);
  CAF_CHECK_EQUAL(settings->session.memory_bytes, uint64_t{2} << 30);
  CAF_CHECK_EQUAL(settings->session.max_file_bytes, 500'000'000u);
  CAF_CHECK_EQUAL(settings->session.nice, 19);
}

CAF_TEST(a refusal names the option) {
  auto subject = [](const node_options& typed) {
    auto settings = read_node_settings(typed);
    CAF_REQUIRE(!settings);
    CAF_CHECK(settings.error().code == ec::usage);
    return settings.error().subject;
  };
  CAF_CHECK_EQUAL(subject({"4 GB", {}, {}}), "--memory");
  CAF_CHECK_EQUAL(subject({"1MB", {}, {}}), "--memory");
  CAF_CHECK_EQUAL(subject({{}, "big", {}}), "--max-file-size");
  CAF_CHECK_EQUAL(subject({{}, {}, "20"}), "--nice");
  CAF_CHECK_EQUAL(subject({{}, {}, "-1"}), "--nice");
}
