#define CAF_SUITE cluster_client

#include "nodes/cluster_client.hpp"

#include <caf/test/unit_test.hpp>

#include "nodes/job_follower.hpp"
#include "tests/nodes/fake_cluster.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

using list = std::vector<std::string>;

/// Far beyond what anything here takes.
constexpr client_patience patient{30s, 30s, 30s};

struct fixture {
  fake_cluster cluster;
  std::mutex mutex;
  std::condition_variable changed;
  list news;

  link_listener listener() {
    return [this](const link_news& x) {
      std::lock_guard guard{mutex};
      news.push_back(to_string(x));
      changed.notify_all();
    };
  }

  void wait_for_news(size_t count) {
    std::unique_lock lock{mutex};
    CAF_CHECK(
        changed.wait_for(lock, 30s, [&] { return news.size() >= count; }));
  }
};

job_report job(uint64_t number, job_state state) {
  job_report result;
  result.id = {1, number};
  result.spec.name = "job " + std::to_string(number);
  result.state = state;
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(cluster_client_tests, fixture)

CAF_TEST(a call waits for the coordinator to be found) {
  cluster.with([](fake_facts& x) { x.failing_searches = 2; });
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  CAF_CHECK(client.nodes());
  CAF_CHECK_EQUAL(client.address(), "127.0.0.1:7400");
}

CAF_TEST(without a coordinator a call fails with the reasons of the seeds) {
  cluster_client client{
      cluster.system(), cluster.finder(), {500ms, 30s, 30s}, {}};
  auto nodes = client.nodes();
  CAF_REQUIRE(!nodes);
  CAF_CHECK(nodes.error().code == ec::no_cluster);
  CAF_CHECK_EQUAL(nodes.error().cause, "connection refused");
  CAF_CHECK_EQUAL(nodes.error().advice,
                  "see that a node runs there, or name another by --seed or "
                  "--config");
}

CAF_TEST(a refusal comes as it is) {
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  auto report = client.job({1, 1});
  CAF_REQUIRE(!report);
  CAF_CHECK(
      report.error()
      == (failure{ec::not_found, to_string(job_id{1, 1}), "no such job", ""}));
}

CAF_TEST(a question is repeated when the coordinator goes) {
  cluster.with([](fake_facts& x) { x.comes_back = true; });
  cluster.plan("nodes", deed::die);
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  CAF_CHECK(client.nodes());
  CAF_CHECK_EQUAL(cluster.heard(), (list{"nodes", "nodes"}));
}

CAF_TEST(a job is handed in once whatever the coordinator dies of) {
  cluster.with([](fake_facts& x) { x.comes_back = true; });
  cluster.plan("submit", deed::do_and_die);
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  job_request request;
  request.spec.input = "m:/a";
  CAF_CHECK(client.submit(request));
  CAF_CHECK_EQUAL(cluster.heard(), (list{"submit m:/a", "submit m:/a"}));
  CAF_CHECK_EQUAL(cluster.with([](fake_facts& x) { return x.jobs.size(); }),
                  1u);
  // Without a key of its user's, another request is another job.
  CAF_CHECK(client.submit(request));
  CAF_CHECK_EQUAL(cluster.with([](fake_facts& x) { return x.jobs.size(); }),
                  2u);
}

CAF_TEST(an order whose coordinator went has an unknown outcome) {
  cluster.with([](fake_facts& x) { x.comes_back = true; });
  cluster.plan("cancel", deed::die);
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  auto result = client.order(job_order::cancel, {1, 1});
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::worker_lost);
  CAF_CHECK(result.error().cause.find("not known") != std::string::npos);
  CAF_CHECK_EQUAL(cluster.heard().size(), 1u);
}

CAF_TEST(a question that kills every coordinator is not asked for ever) {
  cluster.with([](fake_facts& x) {
    x.comes_back = true;
    x.deadly = "nodes";
  });
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  auto nodes = client.nodes();
  CAF_REQUIRE(!nodes);
  CAF_CHECK(nodes.error().code == ec::worker_lost);
  CAF_CHECK_EQUAL(cluster.heard().size(), 5u);
}

CAF_TEST(silence ends with the patience) {
  cluster.plan("nodes", deed::be_silent);
  cluster.start();
  cluster_client client{
      cluster.system(), cluster.finder(), {30s, 100ms, 30s}, {}};
  auto nodes = client.nodes();
  CAF_REQUIRE(!nodes);
  CAF_CHECK(nodes.error().code == ec::worker_lost);
  CAF_CHECK_EQUAL(nodes.error().cause, "it did not answer within 0.1 s");
}

CAF_TEST(an interrupt ends calls until it is forgiven) {
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  std::thread other{[&] { client.interrupt(); }};
  auto nodes = client.nodes();
  other.join();
  CAF_REQUIRE(!nodes);
  CAF_CHECK(nodes.error().code == ec::cancelled);
  CAF_CHECK(client.rest(30s));
  client.forgive();
  cluster.start();
  CAF_CHECK(client.nodes());
}

CAF_TEST(an interrupt ends a call that waits for its answer) {
  cluster.plan("nodes", deed::be_silent);
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  std::thread other{[&] {
    while (cluster.heard().empty())
      std::this_thread::yield();
    client.interrupt();
  }};
  auto nodes = client.nodes();
  other.join();
  CAF_REQUIRE(!nodes);
  CAF_CHECK(nodes.error().code == ec::cancelled);
}

CAF_TEST(the coming and going of coordinators is told) {
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient,
                        listener()};
  wait_for_news(1);
  cluster.stop();
  wait_for_news(2);
  CAF_CHECK_EQUAL(client.address(), "");
  cluster.start();
  wait_for_news(3);
  CAF_CHECK_EQUAL(news,
                  (list{"coordinator 127.0.0.1:7400 is there",
                        "coordinator 127.0.0.1:7400 is gone; looking for it",
                        "coordinator 127.0.0.1:7400 is back"}));
}

CAF_TEST(every order reaches the coordinator) {
  cluster.start();
  cluster.put(job(1, job_state::running));
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  for (auto what : {job_order::cancel, job_order::pause, job_order::resume,
                    job_order::retry, job_order::forget})
    CAF_CHECK(client.order(what, {1, 1}));
  CAF_CHECK(client.migrate({1, 1}, "beta"));
  CAF_CHECK(!client.order(node_order::drain, "alpha"));
  CAF_CHECK(!client.order(node_order::undrain, "alpha"));
  auto id = to_string(job_id{1, 1});
  CAF_CHECK_EQUAL(cluster.heard(),
                  (list{"cancel " + id, "pause " + id, "resume " + id,
                        "retry " + id, "forget " + id, "migrate beta " + id,
                        "drain alpha", "undrain alpha"}));
}

CAF_TEST(a follower hears of a job to its end) {
  cluster.start();
  cluster.put(job(1, job_state::queued));
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  job_follower follower{client, {job_id{1, 1}}};
  auto first = follower.next();
  CAF_REQUIRE(first);
  CAF_CHECK(first->state == job_state::queued);
  // It asked how the job stands only behind making itself known.
  cluster.with([](fake_facts& x) {
    for (const auto& who : x.observers[{1, 1}])
      caf::anon_send(who, atom::update_v, job(1, job_state::completed));
  });
  auto last = follower.next();
  CAF_REQUIRE(last);
  CAF_CHECK(last->state == job_state::completed);
  CAF_CHECK(follower.done());
}

CAF_TEST(a follower finds its jobs again at the next coordinator) {
  cluster.start();
  cluster.put(job(1, job_state::running));
  cluster.put(job(2, job_state::running));
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  job_follower follower{client, {job_id{1, 1}, job_id{1, 2}}};
  CAF_CHECK(follower.next());
  CAF_CHECK(follower.next());
  cluster.stop();
  cluster.put(job(1, job_state::completed));
  cluster.put(job(2, job_state::failed));
  cluster.start();
  while (!follower.done()) {
    auto report = follower.next();
    CAF_REQUIRE(report);
  }
  CAF_CHECK_EQUAL(cluster.with([](fake_facts& x) {
    return x.observers[{1, 1}].size();
  }),
                  2u);
}

CAF_TEST(a follower of a job that is not there says so) {
  cluster.start();
  cluster_client client{cluster.system(), cluster.finder(), patient, {}};
  job_follower follower{client, {job_id{1, 9}}};
  auto report = follower.next();
  CAF_REQUIRE(!report);
  CAF_CHECK(report.error().code == ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
