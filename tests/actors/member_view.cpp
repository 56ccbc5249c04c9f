#define CAF_SUITE member_view

#include "actors/member_view.hpp"

#include <caf/test/dsl.hpp>

using namespace troupe;

namespace {

member row(const std::string& name, uint64_t incarnation,
           member_state state = member_state::up) {
  member result;
  result.card.key = {name, incarnation};
  result.state = state;
  return result;
}

member leader(const std::string& name, member_state state) {
  auto result = row(name, 1, state);
  result.card.roles.coordinator = true;
  return result;
}

} // namespace

CAF_TEST(rows that changed take the place of those with their name) {
  member_view view;
  view.replace({row("beta", 1), row("alpha", 1)});
  view.merge({row("beta", 2), row("gamma", 1)});
  auto table = view.table();
  CAF_REQUIRE_EQUAL(table.size(), 3u);
  CAF_CHECK_EQUAL(table[0].card.key.name, "alpha");
  CAF_CHECK_EQUAL(table[1].card.key.incarnation, 2u);
  CAF_CHECK_EQUAL(table[2].card.key.name, "gamma");
}

CAF_TEST(a whole table forgets what was there) {
  member_view view;
  view.replace({row("beta", 1)});
  view.replace({row("alpha", 1)});
  CAF_CHECK_EQUAL(view.table().size(), 1u);
}

CAF_TEST(the coordinator is the member with that role) {
  member_view view;
  CAF_CHECK(view.coordinator() == nullptr);
  view.replace({row("alpha", 1), leader("beta", member_state::left)});
  CAF_CHECK(view.coordinator() == nullptr);
  view.merge({leader("gamma", member_state::up)});
  CAF_REQUIRE(view.coordinator() != nullptr);
  CAF_CHECK_EQUAL(view.coordinator()->card.key.name, "gamma");
}
