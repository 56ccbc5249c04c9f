#define CAF_SUITE top_text

#include "nodes/top_text.hpp"

#include <algorithm>

#include <caf/test/unit_test.hpp>

#include "nodes/printable.hpp"

using namespace troupe;

namespace {

using list = std::vector<std::string>;

cluster_view small_cluster() {
  cluster_view view;
  view.coordinator = "127.0.0.1:7400";
  member node;
  node.card.key.name = "alpha";
  node.card.slots = 2;
  node.card.load.cpu = 0.5;
  node.state = member_state::up;
  node.running = 1;
  view.nodes = {node};
  job_summary job;
  job.id = {0x01890a5dac967000, 0x8000000000000001};
  job.name = "later";
  view.jobs.push_back(job);
  job.id.low++;
  job.name = "now";
  job.state = job_state::running;
  job.progress = 0.25;
  job.eta_s = 65;
  job.nodes = {"alpha"};
  view.jobs.push_back(job);
  return view;
}

} // namespace

CAF_TEST(nodes and jobs stand below a headline) {
  CAF_CHECK_EQUAL(
      top_lines(small_cluster(), {100, 20}, {}),
      (list{
          "troupe  127.0.0.1:7400  1 node, 1 of 2 slots busy, 1 job at work, 1 "
          "waiting",
          "", "node   state  slots  processors                   remark",
          "alpha  up     1/2    [#########.........]  50.0%", "",
          "job           name   state    prio  progress                     to "
          "go  where",
          "000000000002  now    running  5     [####..............]  25.0%  "
          "1:05   alpha",
          "000000000001  later  queued   5     [..................]   0.0%"}));
}

CAF_TEST(nodes may be counted and not listed) {
  auto view = small_cluster();
  view.lists_nodes = false;
  auto lines = top_lines(view, {100, 20}, {});
  CAF_CHECK_EQUAL(lines.size(), 5u);
  CAF_CHECK(lines[0].find("1 node, 1 of 2 slots") != std::string::npos);
}

CAF_TEST(nothing is larger than the screen) {
  auto view = small_cluster();
  for (int i = 0; i < 50; ++i) {
    view.nodes.push_back(view.nodes.front());
    view.jobs.push_back(view.jobs.front());
  }
  for (view_size size : {view_size{20, 10}, {40, 3}, {1, 1}, {200, 60}}) {
    auto lines = top_lines(view, size, {true, true, false});
    CAF_CHECK(lines.size() <= size.rows);
    for (const auto& line : lines)
      CAF_CHECK(columns_of(line) <= size.columns);
  }
  auto lines = top_lines(view, {80, 12}, {});
  CAF_CHECK_EQUAL(lines.back(), "... and 50 more");
}

CAF_TEST(a long name leaves the figures of all jobs on the screen) {
  auto view = small_cluster();
  view.jobs[0].name = std::string(4000, 'x');
  auto shows = [&](uint32_t columns, const std::string& text) {
    auto lines = top_lines(view, {columns, 20}, {true, true, false});
    return std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
      return line.find(text) != std::string::npos;
    });
  };
  CAF_CHECK(shows(80, std::string(19, 'x') + "…  queued"));
  CAF_CHECK(shows(80, "25.0%"));
  CAF_CHECK(shows(300, ' ' + std::string(39, 'x') + "…  queued"));
}

CAF_TEST(wide names keep the screen) {
  auto view = small_cluster();
  for (int i = 0; i < 200; ++i)
    view.jobs[0].name += "映";
  for (uint32_t columns = 1; columns < 130; ++columns)
    for (const auto& line : top_lines(view, {columns, 20}, {true, true, false}))
      CAF_CHECK(columns_of(line) <= columns);
}

CAF_TEST(a cluster without a coordinator says so) {
  cluster_view view;
  view.error = {ec::no_cluster, "127.0.0.1:7400", "refused \x1b", ""};
  auto lines = top_lines(view, {80, 24}, {});
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK(lines[0].starts_with("troupe  no coordinator"));
  CAF_CHECK_EQUAL(lines[1], "127.0.0.1:7400: refused \\x1b");
}

CAF_TEST(colours end where lines end) {
  auto lines = top_lines(small_cluster(), {10, 24}, {true, true, true});
  CAF_CHECK_EQUAL(lines[0], "\x1b[1mtroupe  12\x1b[0m");
}
