#define CAF_SUITE inspect_session

#include "nodes/inspect_session.hpp"

#include <csignal>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <caf/test/unit_test.hpp>

#include <unistd.h>

using namespace troupe;

namespace {

using notices = std::vector<session::notice>;

/// A session that says what it was told to when it is asked to inspect.
class scripted_session : public session::handle {
public:
  scripted_session(notices script, session::listener hears)
      : script_(std::move(script)), hears_(std::move(hears)) {}

  bool send(const session::request& what,
            const std::vector<int>& descriptors) override {
    CAF_CHECK(std::holds_alternative<session::inspect_request>(what));
    CAF_CHECK_EQUAL(descriptors.size(), 1u);
    for (auto& notice : script_)
      hears_(std::move(notice));
    script_.clear();
    return true;
  }

  void kill() override {}

private:
  notices script_;
  session::listener hears_;
};

/// Starts sessions that greet and then follow the script.
session::starter actors_of(notices script, session::hello greeting = {}) {
  return [=](const session::start_request&,
             session::listener hears) -> outcome<session::handle_ptr> {
    auto result = std::make_unique<scripted_session>(script, hears);
    hears(session::event{greeting});
    return session::handle_ptr{std::move(result)};
  };
}

struct fixture {
  fixture() {
    auto file = mkstemp(path.data());
    CAF_REQUIRE(file != -1);
    CAF_REQUIRE_EQUAL(write(file, "x", 1), 1);
    close(file);
  }

  ~fixture() { unlink(path.c_str()); }

  failure refusal(session::starter start) {
    inspect_session session{std::move(start), {}};
    auto found = session.inspect(path);
    CAF_REQUIRE(!found);
    return found.error();
  }

  std::string path = "/tmp/troupe-inspect-XXXXXX";
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(inspect_session_tests, fixture)

CAF_TEST(what the session found is the answer) {
  media_info media;
  media.format = "matroska,webm";
  inspect_session session{
      actors_of({session::event{session::inspected{media}}}), {}};
  auto found = session.inspect(path);
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->format, "matroska,webm");
}

CAF_TEST(a refusal without a subject is about the file) {
  session::refused refused{{ec::bad_input, "", "no media", "repair it"}};
  auto error = refusal(actors_of({session::event{refused}}));
  CAF_CHECK(error == (failure{ec::bad_input, path, "no media", "repair it"}));
}

CAF_TEST(a session that dies is a crash with its last words) {
  session::exited end;
  end.signal = SIGSEGV;
  end.last_words = "ouch";
  auto error = refusal(actors_of({end}));
  CAF_CHECK(error.code == ec::session_crashed);
  CAF_CHECK_EQUAL(error.subject, path);
  CAF_CHECK(error.cause.find("ouch") != std::string::npos);
}

CAF_TEST(a session of another version is refused) {
  session::hello other;
  other.version = session::protocol_version + 1;
  auto error = refusal(actors_of({}, other));
  CAF_CHECK(error.code == ec::protocol_mismatch);
}

CAF_TEST(a session that cannot be started is named) {
  failure missing{ec::session_unavailable, "troupe-session", "is missing", ""};
  auto error = refusal([=](const session::start_request&,
                           session::listener) -> outcome<session::handle_ptr> {
    return missing;
  });
  CAF_CHECK(error == missing);
}

CAF_TEST(what is no file starts no session) {
  inspect_session session{
      [](const session::start_request&,
         session::listener) -> outcome<session::handle_ptr> {
        CAF_ERROR("a session was started");
        return failure{};
      },
      {}};
  for (auto wrong : {"/no/such/file", "/tmp", "/dev/null"}) {
    auto found = session.inspect(wrong);
    CAF_REQUIRE(!found);
    CAF_CHECK(found.error().code == ec::no_input);
    CAF_CHECK_EQUAL(found.error().subject, wrong);
  }
}

CAF_TEST(an inspection can be cancelled) {
  inspect_session session{actors_of({}), {}};
  session.cancel();
  auto found = session.inspect(path);
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().code == ec::cancelled);
}

CAF_TEST_FIXTURE_SCOPE_END()
