#define CAF_SUITE node_table

#include "actors/node_table.hpp"

#include <set>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

using names = std::set<std::string>;

const failure bad{ec::io_error, "disk", "is broken", ""};
const job_id one{1, 0};
const job_id two{2, 0};

node_card card(const std::string& name, uint64_t incarnation = 1,
               uint32_t slots = 2) {
  node_card result;
  result.key = {name, incarnation};
  result.slots = slots;
  result.address = name + ":7400";
  return result;
}

struct fixture {
  node_table table{{60'000, 3, 1000, 4000, 3}};

  size_t enter(const std::string& name, uint64_t incarnation = 1,
               uint64_t now_ms = 100) {
    auto index = table.join(card(name, incarnation), now_ms);
    CAF_REQUIRE(index);
    return *index;
  }

  const node_entry& entry(const std::string& name) {
    auto index = table.find(name);
    CAF_REQUIRE(index);
    return table.entries()[*index];
  }

  member_state state(const std::string& name) { return entry(name).row.state; }

  ec refused(const node_card& x) {
    auto result = table.join(x, 200);
    return result ? ec::none : result.error().code;
  }

  bool fails(const std::string& name, uint64_t now_ms) {
    return table.attempt_ended({name, 1}, bad, now_ms);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_table_tests, fixture)

// -- coming -------------------------------------------------------------------

CAF_TEST(a node that joins is up and takes tasks) {
  auto index = enter("alpha");
  CAF_CHECK(table.find("alpha") == index);
  CAF_CHECK(state("alpha") == member_state::up);
  CAF_CHECK_EQUAL(entry("alpha").row.since_ms, 100u);
  CAF_CHECK(takes_tasks(entry("alpha")));
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 2u);
  CAF_CHECK(!table.find("beta"));
}

CAF_TEST(cards that cannot be are refused) {
  CAF_CHECK(refused(card("")) == ec::usage);
  CAF_CHECK(refused(card(std::string(65, 'a'))) == ec::usage);
  CAF_CHECK(refused(card("alpha", 1, 257)) == ec::usage);
  CAF_CHECK(refused(card(std::string(64, 'a'), 1, 256)) == ec::none);
}

CAF_TEST(a name that is in use is refused and whose it is told) {
  enter("alpha");
  auto second = table.join(card("alpha", 2), 200);
  CAF_REQUIRE(!second);
  CAF_CHECK(second.error().code == ec::name_taken);
  CAF_CHECK(second.error().cause.find("alpha:7400") != std::string::npos);
  CAF_CHECK_EQUAL(entry("alpha").row.card.key.incarnation, 1u);
}

CAF_TEST(a second coordinator is refused as long as the first is here) {
  auto first = card("alpha");
  first.roles.coordinator = true;
  CAF_CHECK(refused(first) == ec::none);
  auto second = card("beta");
  second.roles.coordinator = true;
  auto result = table.join(second, 200);
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::conflict);
  CAF_CHECK(result.error().cause.find("alpha") != std::string::npos);
  CAF_CHECK(refused(first) == ec::none);
  CAF_CHECK(table.lost({"alpha", 1}, 300));
  CAF_CHECK(refused(second) == ec::none);
}

CAF_TEST(
    a new run of a node that is gone takes its row and knows nothing of it) {
  auto index = enter("alpha");
  table.describe({"alpha", 1}, {});
  for (int i = 0; i < 3; ++i)
    fails("alpha", 100);
  CAF_CHECK(entry("alpha").row.quarantined);
  table.lost({"alpha", 1}, 200);
  CAF_CHECK_EQUAL(enter("alpha", 2, 300), index);
  CAF_CHECK(!entry("alpha").abilities);
  CAF_CHECK(!entry("alpha").row.quarantined);
  CAF_CHECK_EQUAL(entry("alpha").row.reason, "");
  CAF_CHECK_EQUAL(entry("alpha").row.since_ms, 300u);
  CAF_CHECK(takes_tasks(entry("alpha")));
}

CAF_TEST(the same run that comes back is what it was) {
  enter("alpha");
  table.describe({"alpha", 1}, {});
  for (int i = 0; i < 3; ++i)
    fails("alpha", 100);
  table.lost({"alpha", 1}, 200);
  enter("alpha", 1, 300);
  CAF_CHECK(entry("alpha").abilities.has_value());
  CAF_CHECK(entry("alpha").row.quarantined);
  CAF_CHECK(entry("alpha").row.reason.find("in a row") != std::string::npos);
}

CAF_TEST(a full table gives the row of whoever is gone longest) {
  enter("alpha");
  enter("beta");
  enter("gamma");
  CAF_CHECK(refused(card("delta")) == ec::overloaded);
  table.lost({"beta", 1}, 200);
  table.left({"alpha", 1}, 300);
  auto beta = table.find("beta");
  CAF_CHECK(enter("delta", 1, 400) == beta);
  CAF_CHECK(!table.find("beta"));
  CAF_CHECK(table.find("alpha").has_value());
}

CAF_TEST(a drained node stays drained when its row is given away) {
  enter("alpha");
  enter("beta");
  enter("gamma");
  table.drain("beta", true, 150);
  table.lost({"beta", 1}, 200);
  enter("delta", 1, 300);
  table.lost({"alpha", 1}, 400);
  enter("beta", 2, 500);
  CAF_CHECK(state("beta") == member_state::draining);
}

// -- going --------------------------------------------------------------------

CAF_TEST(a node whose link broke is unreachable and later down) {
  enter("alpha");
  CAF_CHECK(table.lost({"alpha", 1}, 1000));
  CAF_CHECK(state("alpha") == member_state::unreachable);
  CAF_CHECK_EQUAL(entry("alpha").row.reason, "its link broke");
  CAF_CHECK(!takes_tasks(entry("alpha")));
  CAF_CHECK(!table.pass_time(60'999));
  CAF_CHECK(table.pass_time(61'000));
  CAF_CHECK(state("alpha") == member_state::down);
  CAF_CHECK(!table.pass_time(200'000));
}

CAF_TEST(only the run that is here can be lost and only once) {
  enter("alpha", 2);
  CAF_CHECK(!table.lost({"alpha", 1}, 200));
  CAF_CHECK(!table.lost({"beta", 1}, 200));
  CAF_CHECK(table.lost({"alpha", 2}, 200));
  CAF_CHECK(!table.lost({"alpha", 2}, 300));
  CAF_CHECK_EQUAL(entry("alpha").row.since_ms, 200u);
}

CAF_TEST(a guest needs no slot and is remembered until it has nothing left) {
  auto alpha = enter("alpha");
  table.visit(alpha, one);
  CAF_CHECK_EQUAL(entry("alpha").guests, std::set<job_id>{one});
  CAF_CHECK(entry("alpha").holders.empty());
  CAF_CHECK_EQUAL(entry("alpha").row.running, 0u);
  table.vacate(one);
  CAF_CHECK(entry("alpha").guests.empty());
}

CAF_TEST(a node that goes gives its slots and guests back) {
  auto alpha = enter("alpha");
  auto beta = enter("beta");
  table.hold(alpha, one);
  table.hold(alpha, two);
  table.hold(beta, one);
  table.lost({"alpha", 1}, 200);
  CAF_CHECK(entry("alpha").holders.empty());
  CAF_CHECK(entry("alpha").guests.empty());
  CAF_CHECK_EQUAL(entry("alpha").row.running, 0u);
  CAF_CHECK_EQUAL(table.held_by(one), std::vector<size_t>{beta});
  CAF_CHECK(table.held_by(two).empty());
  table.left({"beta", 1}, 300);
  CAF_CHECK(state("beta") == member_state::left);
  CAF_CHECK(table.held_by(one).empty());
  table.left({"beta", 2}, 400);
  CAF_CHECK_EQUAL(entry("beta").row.since_ms, 300u);
}

CAF_TEST(a node that is about to leave takes nothing but comes back as new) {
  enter("alpha");
  table.leaving({"alpha", 2}, 150);
  CAF_CHECK(state("alpha") == member_state::up);
  table.leaving({"alpha", 1}, 200);
  CAF_CHECK(state("alpha") == member_state::draining);
  CAF_CHECK_EQUAL(entry("alpha").row.reason, "it is about to leave");
  table.left({"alpha", 1}, 300);
  CAF_CHECK_EQUAL(entry("alpha").row.reason, "");
  table.leaving({"alpha", 1}, 350);
  CAF_CHECK(state("alpha") == member_state::left);
  enter("alpha", 2, 400);
  CAF_CHECK(state("alpha") == member_state::up);
}

// -- drain --------------------------------------------------------------------

CAF_TEST(a drained node takes nothing until it is undrained) {
  enter("alpha");
  table.drain("alpha", true, 200);
  CAF_CHECK(state("alpha") == member_state::draining);
  CAF_CHECK(!takes_tasks(entry("alpha")));
  table.drain("alpha", false, 300);
  CAF_CHECK(state("alpha") == member_state::up);
}

CAF_TEST(the wish to drain outlives a node and comes before it) {
  table.drain("beta", true, 50);
  enter("beta");
  CAF_CHECK(state("beta") == member_state::draining);
  table.lost({"beta", 1}, 200);
  table.drain("beta", true, 250);
  CAF_CHECK(state("beta") == member_state::unreachable);
  enter("beta", 2);
  CAF_CHECK(state("beta") == member_state::draining);
  table.drain("gamma", true, 300);
  table.drain("gamma", false, 300);
  enter("gamma");
  CAF_CHECK(state("gamma") == member_state::up);
}

// -- quarantine ---------------------------------------------------------------

CAF_TEST(a node that fails three times in a row goes into quarantine) {
  enter("alpha");
  CAF_CHECK(!fails("alpha", 100));
  CAF_CHECK(!fails("alpha", 100));
  CAF_CHECK(fails("alpha", 100));
  CAF_CHECK(!takes_tasks(entry("alpha")));
  CAF_CHECK(entry("alpha").row.reason.find("is broken") != std::string::npos);
  CAF_CHECK(!fails("alpha", 100));
  CAF_CHECK(!table.attempt_ended({"alpha", 9}, bad, 100));
  CAF_CHECK(!table.pass_time(1099));
  CAF_CHECK(table.pass_time(1100));
  CAF_CHECK(takes_tasks(entry("alpha")));
  CAF_CHECK_EQUAL(entry("alpha").row.reason, "");
}

CAF_TEST(a success in between begins the count anew) {
  enter("alpha");
  for (int i = 0; i < 5; ++i) {
    CAF_CHECK(!fails("alpha", 100));
    CAF_CHECK(!fails("alpha", 100));
    CAF_CHECK(!table.attempt_ended({"alpha", 1}, {}, 100));
  }
}

CAF_TEST(each quarantine is twice as long up to a limit until a task is done) {
  enter("alpha");
  uint64_t now = 100;
  fails("alpha", now);
  fails("alpha", now);
  for (uint64_t length : {1000, 2000, 4000, 4000}) {
    // Out of quarantine, one more failure is enough.
    CAF_CHECK(fails("alpha", now));
    CAF_CHECK(!table.pass_time(now + length - 1));
    CAF_CHECK(table.pass_time(now + length));
    now += length;
  }
  table.attempt_ended({"alpha", 1}, {}, now);
  CAF_CHECK(!fails("alpha", now));
  CAF_CHECK(!fails("alpha", now));
  CAF_CHECK(fails("alpha", now));
  CAF_CHECK(table.pass_time(now + 1000));
}

CAF_TEST(undrain ends a quarantine and its memory) {
  enter("alpha");
  for (int i = 0; i < 3; ++i)
    fails("alpha", 100);
  table.drain("alpha", false, 200);
  CAF_CHECK(takes_tasks(entry("alpha")));
  CAF_CHECK_EQUAL(entry("alpha").row.reason, "");
  CAF_CHECK(!fails("alpha", 200));
  CAF_CHECK(!fails("alpha", 200));
  CAF_CHECK(fails("alpha", 200));
  CAF_CHECK(table.pass_time(1200));
}

// -- slots --------------------------------------------------------------------

CAF_TEST(a job holds a slot once however often it is said) {
  auto alpha = enter("alpha");
  table.hold(alpha, one);
  table.hold(alpha, one);
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 1u);
  CAF_CHECK_EQUAL(entry("alpha").row.running, 1u);
  table.hold(alpha, two);
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 0u);
  table.vacate({"alpha", 1}, one);
  table.vacate({"alpha", 1}, one);
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 1u);
  CAF_CHECK(table.held_by(one).empty());
  table.vacate({"alpha", 2}, two);
  table.vacate({"beta", 1}, two);
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 1u);
}

CAF_TEST(more holders than slots leave none free) {
  auto alpha = enter("alpha");
  for (uint64_t i = 0; i < 5; ++i)
    table.hold(alpha, {i, 1});
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 0u);
}

CAF_TEST(a job that gave its slot back stays a guest until it ends) {
  auto alpha = enter("alpha");
  auto beta = enter("beta");
  table.hold(alpha, one);
  table.hold(beta, one);
  table.vacate({"alpha", 1}, one);
  CAF_CHECK_EQUAL(entry("alpha").guests.size(), 1u);
  CAF_CHECK_EQUAL(table.held_by(one), std::vector<size_t>{beta});
  table.hold(alpha, one);
  CAF_CHECK_EQUAL(table.held_by(one).size(), 2u);
  table.vacate(one);
  CAF_CHECK(entry("alpha").guests.empty());
  CAF_CHECK(entry("beta").guests.empty());
  CAF_CHECK(table.held_by(one).empty());
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 2u);
  table.vacate(one);
}

// -- what changes -------------------------------------------------------------

CAF_TEST(changes are told once and loads are none) {
  enter("alpha");
  enter("beta");
  CAF_CHECK((table.take_changes() == names{"alpha", "beta"}));
  CAF_CHECK(table.take_changes().empty());
  node_load load;
  load.cpu = 0.5;
  auto before = table.generation();
  table.status({"alpha", 1}, load);
  table.hold(0, one);
  CAF_CHECK(table.take_changes().empty());
  CAF_CHECK_EQUAL(table.generation(), before);
  CAF_CHECK_EQUAL(entry("alpha").row.card.load.cpu, 0.5);
  table.lost({"beta", 1}, 200);
  CAF_CHECK((table.take_changes() == names{"beta"}));
}

CAF_TEST(whatever decides where tasks fit raises the generation) {
  auto before = table.generation();
  auto check = [&](auto&& change) {
    before = table.generation();
    change();
    CAF_CHECK(table.generation() > before);
  };
  check([&] { enter("alpha"); });
  check([&] { table.describe({"alpha", 1}, {}); });
  node_load load;
  load.roots = {{"media", false, 10}};
  check([&] { table.status({"alpha", 1}, load); });
  load.roots[0].writable = true;
  check([&] { table.status({"alpha", 1}, load); });
  check([&] { table.drain("alpha", true, 200); });
  check([&] { table.drain("alpha", false, 200); });
  check([&] {
    for (int i = 0; i < 3; ++i)
      fails("alpha", 100);
  });
  check([&] { table.pass_time(1100); });
  check([&] { table.lost({"alpha", 1}, 200); });
  before = table.generation();
  load.roots[0].free_bytes = 5;
  table.status({"alpha", 1}, load);
  table.status({"alpha", 2}, {});
  table.describe({"beta", 1}, {});
  CAF_CHECK_EQUAL(table.generation(), before);
}

CAF_TEST(who changed is known for a while) {
  enter("alpha");
  enter("beta");
  auto then = table.generation();
  CAF_CHECK(table.changed_since(then)->empty());
  table.describe({"beta", 1}, {});
  table.describe({"beta", 1}, {});
  CAF_CHECK((*table.changed_since(then) == std::set<uint32_t>{1}));
  table.drain("alpha", true, 5);
  CAF_CHECK((*table.changed_since(then) == std::set<uint32_t>{0, 1}));
  for (int i = 0; i < 100; ++i)
    table.describe({"beta", 1}, {});
  CAF_CHECK(!table.changed_since(then));
  CAF_CHECK(!table.changed_since(0));
}

CAF_TEST_FIXTURE_SCOPE_END()
