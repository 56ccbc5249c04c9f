#define CAF_SUITE departure

#include "actors/departure.hpp"

#include <caf/test/dsl.hpp>

using namespace troupe;
using namespace std::chrono_literals;
using step = departure::step;

namespace {

const departure::time_point start{};

} // namespace

CAF_TEST(who holds nothing goes at once) {
  departure plan{start + 30s};
  CAF_CHECK(plan.look(0, start) == step::go);
}

CAF_TEST(what runs is waited for) {
  departure plan{start + 30s};
  CAF_CHECK(plan.look(2, start) == step::wait);
  CAF_CHECK(plan.look(1, start + 29s) == step::wait);
  CAF_CHECK(plan.look(0, start + 29s) == step::go);
}

CAF_TEST(what runs too long is handed back once) {
  departure plan{start + 30s};
  CAF_CHECK(plan.look(1, start + 30s) == step::hand_back);
  CAF_CHECK(plan.look(1, start + 31s) == step::wait);
  CAF_CHECK(plan.look(0, start + 32s) == step::go);
}

CAF_TEST(what cannot be given back holds nobody for ever) {
  departure plan{start + 30s};
  CAF_CHECK(plan.look(1, start + 30s) == step::hand_back);
  CAF_CHECK(plan.look(1, start + 34999ms) == step::wait);
  CAF_CHECK(plan.look(1, start + 35s) == step::go);
}
