#define CAF_SUITE seed_search

#include "actors/seed_search.hpp"

#include <caf/test/dsl.hpp>

using namespace troupe;

namespace {

const seed alpha{"alpha", 1};
const seed beta{"beta", 2};
const seed gamma_{"gamma", 3};
const seed delta{"delta", 4};

failure reason(ec code, std::string cause) {
  return {code, "", std::move(cause), ""};
}

} // namespace

CAF_TEST(each seed is asked once) {
  seed_search search{{beta, alpha, beta}};
  CAF_CHECK(search.first() == (std::vector{alpha, beta}));
  CAF_CHECK(!search.exhausted());
}

CAF_TEST(a node that a seed leads to is asked too) {
  seed_search search{{alpha}};
  CAF_CHECK(search.led_to(alpha, beta));
  CAF_CHECK(!search.exhausted());
  search.failed(beta, reason(ec::no_cluster, "no answer"));
  CAF_CHECK(search.exhausted());
  CAF_CHECK_EQUAL(search.verdict().subject, "beta:2");
  CAF_CHECK_EQUAL(search.verdict().cause, "no answer");
}

CAF_TEST(two that lead to each other end the search) {
  seed_search search{{alpha}};
  CAF_CHECK(search.led_to(alpha, beta));
  CAF_CHECK(!search.led_to(beta, alpha));
  CAF_CHECK(search.exhausted());
  CAF_CHECK(search.verdict().code == ec::no_cluster);
}

CAF_TEST(one that leads to itself is a failure) {
  seed_search search{{alpha}};
  CAF_CHECK(!search.led_to(alpha, alpha));
  CAF_CHECK(search.exhausted());
  CAF_CHECK(search.verdict().code == ec::no_cluster);
}

CAF_TEST(nobody leads on for ever) {
  seed_search search{{alpha}};
  CAF_CHECK(search.led_to(alpha, beta));
  CAF_CHECK(search.led_to(beta, gamma_));
  CAF_CHECK(!search.led_to(gamma_, delta));
  CAF_CHECK(search.exhausted());
}

CAF_TEST(the verdict has the reason of everybody) {
  seed_search search{{alpha, beta}};
  search.failed(alpha, reason(ec::no_cluster, "no answer"));
  CAF_CHECK(!search.exhausted());
  search.failed(beta, reason(ec::protocol_mismatch, "speaks protocol 9"));
  auto verdict = search.verdict();
  CAF_CHECK(verdict.code == ec::protocol_mismatch);
  CAF_CHECK(verdict.cause.find("alpha:1: no answer") != std::string::npos);
  CAF_CHECK(verdict.cause.find("beta:2: speaks protocol 9")
            != std::string::npos);
}

CAF_TEST(without seeds nothing can be found) {
  seed_search search{{}};
  CAF_CHECK(search.exhausted());
  CAF_CHECK(search.verdict().code == ec::no_cluster);
}

CAF_TEST(places are written and read in one form) {
  CAF_CHECK_EQUAL(to_string(seed{"::1", 7400}), "[::1]:7400");
  CAF_CHECK(seed_from_string("[::1]:7400") == (seed{"::1", 7400}));
  CAF_CHECK(seed_from_string("alpha:1") == alpha);
  CAF_CHECK_EQUAL(seed_from_string("alpha").port, 0u);
  CAF_CHECK_EQUAL(seed_from_string("alpha:1x").port, 0u);
  CAF_CHECK_EQUAL(seed_from_string("alpha:70000").port, 0u);
}
