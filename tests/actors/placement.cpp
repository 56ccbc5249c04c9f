#define CAF_SUITE placement

#include "actors/placement.hpp"

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

job_id job(uint64_t n) {
  return {n, 0};
}

task_needs needing(const std::string& root, uint32_t priority = 5) {
  task_needs result;
  result.priority = priority;
  result.reads = {root};
  return result;
}

encoder_capability encoder(const std::string& name, bool works,
                           double fps = 0) {
  encoder_capability result;
  result.name = name;
  result.works = works;
  result.fps_1080p = fps;
  return result;
}

struct fixture {
  node_table nodes{{}};
  ready_queue queue;

  void enter(const std::string& name, uint32_t slots,
             const std::vector<std::string>& roots = {"media"}) {
    node_card card;
    card.key = {name, 1};
    card.slots = slots;
    for (const auto& x : roots)
      card.load.roots.push_back({x, true, 0});
    CAF_REQUIRE(nodes.join(card, 1));
  }

  void can(const std::string& name, std::vector<encoder_capability> encoders) {
    profile abilities;
    abilities.encoders = std::move(encoders);
    nodes.describe({name, 1}, abilities);
  }

  void busy(const std::string& name, double cpu) {
    auto load = entry(name).row.card.load;
    load.cpu = cpu;
    nodes.status({name, 1}, load);
  }

  void quarantine(const std::string& name) {
    for (int i = 0; i < 3; ++i)
      nodes.attempt_ended({name, 1}, {ec::io_error, "disk", "broke", ""}, 1);
  }

  const node_entry& entry(const std::string& name) {
    return nodes.entries()[*nodes.find(name)];
  }

  /// "JOB@NODE" of a round.
  std::vector<std::string> round(size_t limit = 64) {
    std::vector<std::string> result;
    for (const auto& x : place_tasks(queue, nodes, limit))
      result.push_back(std::to_string(x.task.job.high) + '@'
                       + nodes.entries()[x.node].row.card.key.name);
    return result;
  }

  /// The node that a single task goes to.
  std::string goes_to(const task_needs& needs) {
    queue.push(job(99), needs);
    auto placed = round();
    nodes.vacate(job(99));
    queue.remove(job(99));
    return placed.empty() ? "" : placed[0].substr(3);
  }
};

using list = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(placement_tests, fixture)

// -- refusals -----------------------------------------------------------------

CAF_TEST(a node that has all that is needed is no misfit) {
  enter("alpha", 1);
  auto needs = needing("media");
  needs.writes = {"media"};
  needs.encoders = {"libx264"};
  CAF_CHECK_EQUAL(misfit(needs, entry("alpha")), "");
  can("alpha", {encoder("libx264", true)});
  CAF_CHECK_EQUAL(misfit(needs, entry("alpha")), "");
}

CAF_TEST(every misfit has a reason that a person can read) {
  enter("alpha", 1, {"media"});
  enter("viewer", 0);
  CAF_CHECK_EQUAL(misfit(needing("media"), entry("viewer")), "is no worker");
  CAF_CHECK_EQUAL(misfit(needing("films"), entry("alpha")),
                  "has no root films");
  task_needs writes;
  writes.writes = {"films"};
  CAF_CHECK_EQUAL(misfit(writes, entry("alpha")), "has no root films");
  auto load = entry("alpha").row.card.load;
  load.roots[0].writable = false;
  nodes.status({"alpha", 1}, load);
  writes.writes = {"media"};
  CAF_CHECK_EQUAL(misfit(writes, entry("alpha")),
                  "may not write to root media");
  task_needs pinned;
  pinned.node = "beta";
  CAF_CHECK_EQUAL(misfit(pinned, entry("alpha")), "the job is to run on beta");
  can("alpha", {encoder("libx264", false)});
  task_needs encodes;
  encodes.encoders = {"libx264", "libopenh264"};
  CAF_CHECK_EQUAL(misfit(encodes, entry("alpha")),
                  "none of its encoders works: libx264, libopenh264");
}

CAF_TEST(one encoder that works is enough) {
  enter("alpha", 1);
  can("alpha", {encoder("a", false), encoder("b", true)});
  task_needs needs;
  needs.encoders = {"a", "b"};
  CAF_CHECK_EQUAL(misfit(needs, entry("alpha")), "");
}

CAF_TEST(a task goes to no node that is drained or unreachable or quarantined) {
  enter("alpha", 4);
  enter("beta", 4);
  enter("gamma", 4);
  enter("delta", 1);
  nodes.drain("alpha", true, 1);
  nodes.lost({"beta", 1}, 1);
  quarantine("gamma");
  CAF_CHECK_EQUAL(goes_to(needing("media")), "delta");
  nodes.left({"delta", 1}, 1);
  CAF_CHECK_EQUAL(goes_to(needing("media")), "");
}

// -- scores -------------------------------------------------------------------

CAF_TEST(the node with the largest share of free slots is preferred) {
  enter("alpha", 4);
  enter("beta", 2);
  nodes.hold(0, job(1));
  nodes.hold(0, job(2));
  CAF_CHECK_EQUAL(goes_to(needing("media")), "beta");
  nodes.hold(1, job(3));
  nodes.vacate(job(2));
  CAF_CHECK_EQUAL(goes_to(needing("media")), "alpha");
}

CAF_TEST(of nodes as free the less loaded one is preferred) {
  enter("alpha", 2);
  enter("beta", 2);
  busy("alpha", 0.9);
  busy("beta", 0.1);
  CAF_CHECK_EQUAL(goes_to(needing("media")), "beta");
}

CAF_TEST(of nodes as free the faster one is preferred) {
  enter("alpha", 2);
  enter("beta", 2);
  can("alpha", {encoder("libx264", true, 20)});
  can("beta", {encoder("libx264", true, 40)});
  auto needs = needing("media");
  CAF_CHECK_EQUAL(goes_to(needs), "alpha");
  needs.encoders = {"libx264"};
  CAF_CHECK_EQUAL(goes_to(needs), "beta");
}

CAF_TEST(speed is that of the encoder that would be used) {
  enter("alpha", 2);
  enter("beta", 2);
  can("alpha", {encoder("good", true, 10), encoder("other", true, 500)});
  can("beta", {encoder("good", true, 30), encoder("other", true, 5)});
  auto needs = needing("media");
  needs.encoders = {"good", "other"};
  CAF_CHECK_EQUAL(goes_to(needs), "beta");
}

CAF_TEST(a node that failed at it is taken only when no other ever could) {
  enter("alpha", 2);
  enter("beta", 1);
  auto needs = needing("media");
  needs.avoid = {"alpha"};
  CAF_CHECK_EQUAL(goes_to(needs), "beta");
  nodes.hold(1, job(1)); // busy, but it could
  CAF_CHECK_EQUAL(goes_to(needs), "");
  nodes.lost({"beta", 1}, 2);
  CAF_CHECK_EQUAL(goes_to(needs), "alpha");
}

CAF_TEST(a task that is bound to a node goes there or waits) {
  enter("alpha", 8);
  enter("beta", 1);
  auto needs = needing("media");
  needs.node = "beta";
  CAF_CHECK_EQUAL(goes_to(needs), "beta");
  needs.avoid = {"beta"};
  CAF_CHECK_EQUAL(goes_to(needs), "beta");
  nodes.hold(1, job(1));
  CAF_CHECK_EQUAL(goes_to(needs), "");
}

// -- rounds -------------------------------------------------------------------

CAF_TEST(turns go by priority and then by age whatever is needed) {
  enter("alpha", 3, {"a", "b"});
  queue.push(job(1), needing("a", 5));
  queue.push(job(2), needing("b", 5));
  queue.push(job(3), needing("a", 1));
  queue.push(job(4), needing("b", 9));
  CAF_CHECK_EQUAL(round(), (list{"3@alpha", "1@alpha", "2@alpha"}));
  CAF_CHECK_EQUAL(queue.size(), 1u);
}

CAF_TEST(tasks without a node hold up nobody) {
  enter("alpha", 2, {"a"});
  for (uint64_t i = 1; i < 50; ++i)
    queue.push(job(i), needing("nowhere", 1));
  queue.push(job(90), needing("a", 10));
  CAF_CHECK_EQUAL(round(), list{"90@alpha"});
  CAF_CHECK_EQUAL(queue.size(), 49u);
}

CAF_TEST(a round ends at its limit and the next goes on) {
  enter("alpha", 10);
  for (uint64_t i = 1; i <= 5; ++i)
    queue.push(job(i), needing("media"));
  CAF_CHECK_EQUAL(round(2), (list{"1@alpha", "2@alpha"}));
  CAF_CHECK_EQUAL(round(2), (list{"3@alpha", "4@alpha"}));
  CAF_CHECK_EQUAL(round(2), list{"5@alpha"});
  CAF_CHECK(round(2).empty());
}

CAF_TEST(slots that are given are held) {
  enter("alpha", 1);
  enter("beta", 1);
  for (uint64_t i = 1; i <= 3; ++i)
    queue.push(job(i), needing("media"));
  CAF_CHECK_EQUAL(round(), (list{"1@alpha", "2@beta"}));
  CAF_CHECK_EQUAL(free_slots(entry("alpha")), 0u);
  CAF_CHECK_EQUAL(nodes.held_by(job(2)).size(), 1u);
  CAF_CHECK(round().empty());
  nodes.vacate({"beta", 1}, job(2));
  CAF_CHECK_EQUAL(round(), list{"3@beta"});
}

CAF_TEST(work spreads over nodes) {
  enter("alpha", 2);
  enter("beta", 2);
  for (uint64_t i = 1; i <= 4; ++i)
    queue.push(job(i), needing("media"));
  CAF_CHECK_EQUAL(round(), (list{"1@alpha", "2@beta", "3@alpha", "4@beta"}));
}

CAF_TEST(what changed since the last round counts in the next) {
  enter("alpha", 1, {"a"});
  queue.push(job(1), needing("b"));
  CAF_CHECK(round().empty());
  enter("beta", 1, {"b"});
  CAF_CHECK_EQUAL(round(), list{"1@beta"});
}

CAF_TEST(many classes and nodes are placed as one would by hand) {
  for (int i = 0; i < 20; ++i)
    enter("n" + std::to_string(i), 1, {"r" + std::to_string(i)});
  for (uint64_t i = 0; i < 200; ++i)
    queue.push(job(i), needing("r" + std::to_string(i % 20)));
  auto placed = round(100);
  CAF_REQUIRE_EQUAL(placed.size(), 20u);
  for (size_t i = 0; i < placed.size(); ++i)
    CAF_CHECK_EQUAL(placed[i], std::to_string(i) + "@n" + std::to_string(i));
}

CAF_TEST(what is remembered of nodes is never out of date) {
  auto needs = needing("r0");
  needs.avoid = {"n1", "n2"};
  queue.push(job(1), needs);
  queue.push(job(2), needs);
  uint64_t incarnation = 1;
  for (uint64_t step = 0; step < 2000; ++step) {
    // A fixed walk over nodes and events.
    auto pick = step * 7919 % 104729;
    auto name = "n" + std::to_string(pick % 6);
    auto known = nodes.find(name);
    auto key = known ? nodes.entries()[*known].row.card.key : node_key{};
    switch (pick / 6 % 5) {
      case 0:
        nodes.lost(key, step);
        break;
      case 1:
        nodes.drain(name, pick % 2 == 0, step);
        break;
      case 2: {
        node_load load;
        load.roots = {{pick % 3 == 0 ? "r1" : "r0", true, 0}};
        nodes.status(key, load);
        break;
      }
      default: {
        node_card card;
        card.key = {name, ++incarnation};
        card.slots = 1;
        card.load.roots = {{"r0", true, 0}};
        (void)nodes.join(card, step);
      }
    }
    if (step % 3 == 0)
      continue; // several changes between two rounds
    ready_queue fresh;
    fresh.push(job(1), needs);
    auto expected = place_tasks(fresh, nodes, 1);
    nodes.vacate(job(1));
    auto found = place_tasks(queue, nodes, 1);
    nodes.vacate(job(1));
    queue.push(job(1), needs);
    CAF_REQUIRE_EQUAL(found.size(), expected.size());
    if (!found.empty())
      CAF_REQUIRE_EQUAL(found[0].node, expected[0].node);
  }
}

// -- why a task waits ---------------------------------------------------------

CAF_TEST(why a task waits is told with every node) {
  CAF_CHECK_EQUAL(why_waiting(needing("a"), nodes),
                  "the cluster has no workers");
  enter("alpha", 1, {"a"});
  CAF_CHECK_EQUAL(why_waiting(needing("a"), nodes),
                  "the node that could run it is busy");
  enter("beta", 1, {"a"});
  CAF_CHECK_EQUAL(why_waiting(needing("a"), nodes),
                  "all 2 nodes that could run it are busy");
  nodes.drain("alpha", true, 1);
  quarantine("beta");
  CAF_CHECK_EQUAL(why_waiting(needing("a"), nodes),
                  "alpha: is draining; beta: is in quarantine");
  CAF_CHECK_EQUAL(why_waiting(needing("b"), nodes),
                  "alpha: has no root b; beta: has no root b");
  nodes.left({"alpha", 1}, 2);
  CAF_CHECK_EQUAL(why_waiting(needing("a"), nodes), "beta: is in quarantine");
  nodes.left({"beta", 1}, 2);
  CAF_CHECK_EQUAL(why_waiting(needing("a"), nodes),
                  "the cluster has no workers");
}

CAF_TEST(of many nodes that refuse only some are named) {
  for (int i = 0; i < 10; ++i)
    enter("n" + std::to_string(i), 1);
  auto reason = why_waiting(needing("a"), nodes);
  CAF_CHECK(reason.find("n7: ") != std::string::npos);
  CAF_CHECK(reason.find("n8: ") == std::string::npos);
  CAF_CHECK(reason.find("and 2 more") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
