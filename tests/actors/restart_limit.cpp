#define CAF_SUITE restart_limit

#include "actors/restart_limit.hpp"

#include <caf/test/dsl.hpp>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

const restart_limit::clock::time_point start{};

} // namespace

CAF_TEST(so many restarts are allowed and one more is not ) {
  restart_limit limit{3, 10s};
  CAF_CHECK(limit.permit(start));
  CAF_CHECK(limit.permit(start + 1s));
  CAF_CHECK(limit.permit(start + 2s));
  CAF_CHECK(!limit.permit(start + 9s));
}

CAF_TEST(old restarts are forgotten) {
  restart_limit limit{2, 10s};
  CAF_CHECK(limit.permit(start));
  CAF_CHECK(limit.permit(start + 5s));
  CAF_CHECK(limit.permit(start + 10s));
  CAF_CHECK(!limit.permit(start + 14s));
  CAF_CHECK(limit.permit(start + 15s));
}
