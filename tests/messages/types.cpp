#define CAF_SUITE types

#include "messages/types.hpp"

#include <memory>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>
#include <caf/test/unit_test.hpp>

#include "messages/interfaces.hpp"

using namespace troupe;

namespace {

struct fixture {
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;

  fixture() {
    register_types(config);
    config.set("scheduler.max-threads", size_t{1});
    system = std::make_unique<caf::actor_system>(config);
  }

  /// Sends a message through CAF's own bytes, as to another node.
  caf::message travel(caf::message what) {
    std::vector<char> bytes;
    caf::binary_serializer sink{*system, bytes};
    CAF_REQUIRE(!sink(what));
    caf::message result;
    caf::binary_deserializer source{*system, bytes};
    CAF_REQUIRE(!source(result));
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(types_tests, fixture)

CAF_TEST(a failure travels whole inside an error) {
  failure sent{ec::disk_full, "/a/b.mp4", "no space left", "free 2 GB"};
  CAF_CHECK(from_caf(to_caf(sent)) == sent);
  auto arrived = travel(caf::make_message(to_caf(sent)));
  CAF_REQUIRE(arrived.match_elements<caf::error>());
  CAF_CHECK(from_caf(arrived.get_as<caf::error>(0)) == sent);
}

CAF_TEST(no error is no failure) {
  CAF_CHECK(from_caf(caf::error{}).code == ec::none);
}

CAF_TEST(a late or missing answerer is a lost worker) {
  CAF_CHECK(from_caf(make_error(caf::sec::request_timeout)).code
            == ec::worker_lost);
  CAF_CHECK(from_caf(make_error(caf::sec::request_receiver_down)).code
            == ec::worker_lost);
  CAF_CHECK(from_caf(make_error(caf::exit_reason::kill)).code
            == ec::worker_lost);
}

CAF_TEST(any other error of the actor system is a defect) {
  auto error = from_caf(make_error(caf::sec::unexpected_message));
  CAF_CHECK(error.code == ec::internal);
  CAF_CHECK(error.cause.find("unexpected_message") != std::string::npos);
}

CAF_TEST(an error renders as a sentence) {
  auto text = system->render(to_caf({ec::no_input, "a", "not there", "look"}));
  CAF_CHECK(text.find("a: not there; look") != std::string::npos);
}

CAF_TEST(a job report arrives as it was sent) {
  job_report sent;
  sent.id = make_job_id();
  sent.spec.input = "in.mkv";
  sent.spec.what.renditions = {{1080}, {720}};
  sent.state = job_state::running;
  sent.progress = 0.5;
  sent.error = {ec::stalled, "x", "y", "z"};
  sent.result.outputs.push_back({"out.mp4", 7, "ab", 3, 4});
  sent.tasks.push_back(
      {1, task_kind::whole, task_state::running, "n", 2, 1, 3});
  sent.live.counters.bytes_read = 1ull << 40;
  auto arrived = travel(caf::make_message(atom::update_v, sent));
  CAF_REQUIRE((arrived.match_elements<atom::update, job_report>()));
  const auto& got = arrived.get_as<job_report>(1);
  CAF_CHECK(got.id == sent.id);
  CAF_CHECK(got.spec == sent.spec);
  CAF_CHECK(got.state == sent.state);
  CAF_CHECK(got.error == sent.error);
  CAF_CHECK(got.result.outputs == sent.result.outputs);
  CAF_REQUIRE_EQUAL(got.tasks.size(), 1u);
  CAF_CHECK_EQUAL(got.tasks[0].node, "n");
  CAF_CHECK(got.live.counters == sent.live.counters);
}

CAF_TEST_FIXTURE_SCOPE_END()
