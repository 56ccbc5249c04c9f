#define CAF_SUITE sandbox

#include <condition_variable>
#include <deque>
#include <mutex>

#include <caf/test/unit_test.hpp>

#include "encode/session_process.hpp"

using namespace troupe;
using namespace troupe::session;

namespace {

/// What a session says, in order.
class mailbox {
public:
  void put(notice x) {
    std::lock_guard lock{mutex_};
    notices_.push_back(std::move(x));
    filled_.notify_one();
  }

  notice take() {
    std::unique_lock lock{mutex_};
    if (!filled_.wait_for(lock, std::chrono::seconds{30},
                          [&] { return !notices_.empty(); }))
      CAF_FAIL("the session said nothing");
    auto result = std::move(notices_.front());
    notices_.pop_front();
    return result;
  }

private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<notice> notices_;
};

} // namespace

CAF_TEST(a closed sandbox stops everything that injected code would try) {
  mailbox inbox;
  start_request start;
  start.try_escapes = true;
  auto session = make_starter(default_session_program())(
      start, [&](notice x) { inbox.put(std::move(x)); });
  CAF_REQUIRE(session);
  auto first = inbox.take();
  auto said = std::get_if<event>(&first);
  CAF_REQUIRE(said != nullptr);
  auto report = std::get_if<escapes>(said);
  CAF_REQUIRE(report != nullptr);
  CAF_CHECK(report->tried >= 20);
  for (auto& name : report->succeeded)
    CAF_ERROR("the sandbox let it: " << name);
}
