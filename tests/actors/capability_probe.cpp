#define CAF_SUITE capability_probe

#include "actors/capability_probe.hpp"

#include <csignal>
#include <map>

#include "encode/containers.hpp"
#include "encode/encoders.hpp"
#include "tests/actors/fixture.hpp"
#include "tests/actors/samples.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  capability_probe_actor aut = track(sys.spawn(
      capability_probe,
      capability_probe_config{sessions.starter(), {}, folder.path()}));

  auto ask(const std::string& encoder) {
    auto pending = self->request(aut, caf::infinite, atom::probe_v, encoder);
    sched.run();
    return pending;
  }

  template <class Pending>
  encoder_capability answer(Pending pending) {
    encoder_capability result;
    pending.receive(
        [&](const encoder_capability& x) { result = x; },
        [&](const caf::error& error) { CAF_FAIL(to_string(from_caf(error))); });
    return result;
  }

  template <class Pending>
  failure error_of(Pending pending) {
    failure result;
    pending.receive([&](const encoder_capability&) { CAF_FAIL("an answer"); },
                    [&](const caf::error& error) { result = from_caf(error); });
    return result;
  }

  profile describe() {
    auto pending = self->request(aut, caf::infinite, atom::describe_v);
    sched.run();
    profile result;
    pending.receive(
        [&](const profile& x) { result = x; },
        [&](const caf::error& error) { CAF_FAIL(to_string(from_caf(error))); });
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(capability_probe_tests, fixture)

CAF_TEST(an encoder that opens works) {
  sessions.script = good_session("");
  auto found = answer(ask("libx264"));
  CAF_CHECK(found.works);
  CAF_CHECK_EQUAL(found.name, "libx264");
  CAF_CHECK_EQUAL(found.codec, "h264");
  CAF_CHECK_EQUAL(found.kind, "software");
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
  const auto& request =
      std::get<session::probe_request>(sessions.last().requests.back());
  CAF_CHECK(!request.thorough);
  CAF_CHECK_EQUAL(request.width, 320u);
}

CAF_TEST(the second answer comes from memory) {
  sessions.script = good_session("");
  answer(ask("libx264"));
  answer(ask("libx264"));
  CAF_CHECK_EQUAL(sessions.all.size(), 1u);
}

CAF_TEST(two who ask at once share one trial) {
  auto one = ask("libx264");
  auto other = ask("libx264");
  CAF_CHECK_EQUAL(sessions.all.size(), 1u);
  good_session("")(sessions.last(), sessions.last().requests.back());
  sched.run();
  CAF_CHECK(answer(std::move(one)).works);
  CAF_CHECK(answer(std::move(other)).works);
}

CAF_TEST(an encoder that needs it is warmed) {
  sessions.script = good_session("");
  answer(ask("libx265"));
  CAF_CHECK_EQUAL(sessions.last().how.warm_encoders,
                  std::vector<std::string>{"libx265"});
}

CAF_TEST(an encoder that is refused does not work and says why) {
  auto pending = ask("libx264");
  sessions.last().say(
      session::refused{{ec::encoder_unavailable, "", "no device", ""}});
  sched.run();
  auto found = answer(std::move(pending));
  CAF_CHECK(!found.works);
  CAF_CHECK_EQUAL(found.reason, "no device");
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
}

CAF_TEST(an encoder that crashes its session does not work) {
  auto pending = ask("libx264");
  sessions.last().die({0, SIGSEGV, ""});
  sched.run();
  auto found = answer(std::move(pending));
  CAF_CHECK(!found.works);
  CAF_CHECK(found.reason.find("SIGSEGV") != std::string::npos);
}

CAF_TEST(an encoder that never answers does not work) {
  auto pending = ask("libx264");
  pass(9s);
  CAF_CHECK_EQUAL(sessions.alive(), 1u);
  pass(1s);
  auto found = answer(std::move(pending));
  CAF_CHECK(!found.works);
  CAF_CHECK_EQUAL(found.reason, "no answer within 10 s");
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
}

CAF_TEST(an encoder that nobody knows is not found) {
  CAF_CHECK(error_of(ask("h264_magic")).code == ec::not_found);
  CAF_CHECK(sessions.all.empty());
}

CAF_TEST(without sessions nothing is learned) {
  sessions.refusal = failure{ec::session_unavailable, "x", "not there", ""};
  CAF_CHECK(error_of(ask("libx264")).code == ec::session_unavailable);
  sessions.refusal.reset();
  sessions.script = good_session("");
  CAF_CHECK(answer(ask("libx264")).works);
}

CAF_TEST(a session of another version proves nothing) {
  auto pending = ask("libx264");
  sessions.last().say(session::hello{session::protocol_version + 1, {}});
  sched.run();
  CAF_CHECK(error_of(std::move(pending)).code == ec::protocol_mismatch);
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
}

CAF_TEST(at most two sessions run at a time) {
  ask("libx264");
  ask("libx265");
  ask("libsvtav1");
  CAF_CHECK_EQUAL(sessions.alive(), 2u);
  sessions.all[0]->die({1, 0, ""});
  sched.run();
  CAF_CHECK_EQUAL(sessions.alive(), 2u);
  CAF_CHECK_EQUAL(sessions.all.size(), 3u);
}

CAF_TEST(a profile tries every encoder thoroughly) {
  sessions.script = good_session("");
  auto found = describe();
  CAF_REQUIRE_EQUAL(found.encoders.size(), video_encoders().size());
  for (const auto& x : found.encoders)
    CAF_CHECK(x.works);
  CAF_CHECK_EQUAL(found.decoders, std::vector<std::string>{"h264"});
  CAF_CHECK_EQUAL(found.formats.size(), containers().size());
  CAF_REQUIRE_EQUAL(found.libraries.size(), 1u);
  CAF_CHECK(found.cpu.threads >= 1);
  CAF_CHECK_EQUAL(sessions.all.size(), video_encoders().size() + 1);
  for (const auto& x : sessions.all)
    if (auto probe = std::get_if<session::probe_request>(&x->requests.back()))
      CAF_CHECK(probe->thorough);
  describe();
  CAF_CHECK_EQUAL(sessions.all.size(), video_encoders().size() + 1);
}

CAF_TEST(an encoder too slow for a large picture works all the same) {
  sessions.script = [](fake_session& x, const session::request& what) {
    auto probe = std::get_if<session::probe_request>(&what);
    if (!probe || probe->encoder == "libx264")
      return good_session("")(x, what);
    session::probed small;
    small.capability.name = probe->encoder;
    small.capability.works = probe->encoder == "libx265";
    small.final = false;
    x.say(small);
  };
  auto pending = self->request(aut, caf::infinite, atom::describe_v);
  sched.run();
  pass(std::chrono::seconds{30} * video_encoders().size());
  std::map<std::string, encoder_capability> found;
  pending.receive(
      [&](const profile& x) {
        for (const auto& encoder : x.encoders)
          found[encoder.name] = encoder;
      },
      [&](const caf::error& error) { CAF_FAIL(to_string(from_caf(error))); });
  CAF_CHECK(found["libx264"].works);
  CAF_CHECK(found["libx265"].works);
  CAF_CHECK(!found["libsvtav1"].works);
  CAF_CHECK_EQUAL(found["libsvtav1"].reason, "no answer within 30 s");
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
}

CAF_TEST(what a job waits for is tried before the rest of a profile) {
  self->request(aut, caf::infinite, atom::describe_v);
  sched.run();
  ask("libx264");
  sessions.all[0]->die({1, 0, ""});
  sched.run();
  const auto& probe =
      std::get<session::probe_request>(sessions.last().requests.back());
  CAF_CHECK_EQUAL(probe.encoder, "libx264");
  CAF_CHECK(!probe.thorough);
}

CAF_TEST(an exit kills the sessions) {
  ask("libx264");
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
  sched.run();
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
