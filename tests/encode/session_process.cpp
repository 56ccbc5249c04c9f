#define CAF_SUITE session_process

#include "encode/session_process.hpp"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <variant>
#include <vector>

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/wait.h>

#include "encode/session_watcher.hpp"
#include "encode/unique_fd.hpp"

using namespace troupe;
using namespace troupe::session;

namespace {

constexpr std::chrono::seconds patience{20};

/// Collects what the watching thread delivers.
class ear {
public:
  listener function() {
    return [this](notice x) {
      std::lock_guard lock{mutex_};
      heard_.push_back(std::move(x));
      changed_.notify_all();
    };
  }

  /// Waits until that many notices are there.
  std::vector<notice> wait_for(size_t count) {
    std::unique_lock lock{mutex_};
    CAF_REQUIRE(changed_.wait_for(lock, patience,
                                  [&] { return heard_.size() >= count; }));
    return heard_;
  }

  /// Waits for the end of the session.
  exited wait_for_end() {
    std::unique_lock lock{mutex_};
    CAF_REQUIRE(changed_.wait_for(lock, patience, [&] {
      return !heard_.empty() && std::holds_alternative<exited>(heard_.back());
    }));
    return std::get<exited>(heard_.back());
  }

  void forget() {
    std::lock_guard lock{mutex_};
    heard_.clear();
  }

  size_t count() {
    std::lock_guard lock{mutex_};
    return heard_.size();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<notice> heard_;
};

start_request behaving(std::string how) {
  start_request result;
  result.warm_encoders = {std::move(how)};
  return result;
}

size_t open_descriptors() {
  std::filesystem::directory_iterator all{"/proc/self/fd"};
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

bool no_child_left() {
  return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
}

std::string all_records(std::string_view bytes, size_t step) {
  record_splitter splitter;
  std::string result;
  for (size_t i = 0; i < bytes.size(); i += step) {
    splitter.feed(bytes.substr(i, step));
    while (auto body = splitter.next())
      result += std::string{*body} + '|';
  }
  return result + (splitter.broken() ? "broken" : "");
}

struct fixture {
  ear heard;
  starter start = make_starter(TROUPE_FAKE_SESSION);

  handle_ptr run(const start_request& how) {
    heard.forget();
    auto result = start(how, heard.function());
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  exited end_of(const std::string& how) {
    auto session = run(behaving(how));
    auto result = heard.wait_for_end();
    session.reset();
    CAF_CHECK(no_child_left());
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_process_tests, fixture)

CAF_TEST(a session finds its socket and nothing else of the node) {
  unique_fd inherited{::open("/dev/null", O_RDONLY)}; // not CLOEXEC
  auto session = run({});
  auto first = heard.wait_for(1).front();
  std::map<std::string, std::string> found;
  for (auto& x : std::get<hello>(std::get<event>(first)).libraries)
    found[x.name] = x.version;
  CAF_CHECK_EQUAL(found["descriptors"], "4");
  CAF_CHECK_EQUAL(found["parent matches"], "yes");
  CAF_CHECK_EQUAL(found["own group"], "yes");
  CAF_CHECK_EQUAL(found["blocked signals"], "");
  if (!std::getenv("ASAN_OPTIONS") && !std::getenv("UBSAN_OPTIONS")
      && !std::getenv("LSAN_OPTIONS"))
    CAF_CHECK_EQUAL(found["environment"], "");
}

CAF_TEST(a descriptor travels beside its request) {
  auto path = std::filesystem::temp_directory_path()
              / ("troupe-test-" + std::to_string(::getpid()));
  unique_fd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  std::filesystem::remove(path);
  CAF_REQUIRE_EQUAL(::pwrite(file.get(), "some bytes", 10, 0), 10);
  auto session = run({});
  CAF_REQUIRE(session->send(inspect_request{}, {file.get()}));
  auto answer = std::get<event>(heard.wait_for(2).back());
  CAF_CHECK_EQUAL(std::get<inspected>(answer).media.format, "some bytes");
  CAF_CHECK(::fcntl(file.get(), F_GETFD) >= 0);
}

CAF_TEST(nothing is lost between the last record and the end) {
  auto end = end_of("many");
  CAF_CHECK_EQUAL(end.status, 0);
  CAF_CHECK_EQUAL(end.signal, 0);
  auto all = heard.wait_for(20001);
  CAF_REQUIRE_EQUAL(all.size(), 20001u);
  auto last = std::get<event>(all[19999]);
  CAF_CHECK_EQUAL(std::get<session::progress>(last).counters.packets_read,
                  20000u);
}

CAF_TEST(a session that crashes leaves its signal and its last words) {
  auto end = end_of("crash");
  CAF_CHECK_EQUAL(end.signal, SIGSEGV);
  CAF_CHECK(end.last_words.find("about to fall over") != std::string::npos);
}

CAF_TEST(an exit status arrives) {
  auto end = end_of("memory");
  CAF_CHECK_EQUAL(end.status, 70);
  CAF_CHECK_EQUAL(end.signal, 0);
}

CAF_TEST(of many words only the last are kept) {
  auto end = end_of("flood");
  CAF_CHECK_EQUAL(end.status, 3);
  CAF_CHECK_EQUAL(end.last_words.size(), 4096u);
  CAF_CHECK(end.last_words.ends_with("the end"));
}

CAF_TEST(a session that breaks the protocol is killed and the reason told) {
  auto has = [](const exited& end, const char* what) {
    return end.signal == SIGKILL
           && end.last_words.find(what) != std::string::npos;
  };
  CAF_CHECK(has(end_of("oversized"), "impossible length"));
  CAF_CHECK(has(end_of("empty record"), "impossible length"));
  CAF_CHECK(has(end_of("unknown kind"), "record of kind 99"));
  CAF_CHECK_EQUAL(heard.count(), 1u);
}

CAF_TEST(a session that hangs up and stays is killed) {
  auto end = end_of("hang up");
  CAF_CHECK_EQUAL(end.signal, SIGKILL);
  CAF_CHECK(end.last_words.find("did not end") != std::string::npos);
}

CAF_TEST(a session that reads nothing more is killed and send says so) {
  auto session = run(behaving("deaf"));
  probe_request large;
  large.encoder = std::string(1 << 20, 'x');
  CAF_CHECK(!session->send(large, {}));
  CAF_CHECK_EQUAL(heard.wait_for_end().signal, SIGKILL);
}

CAF_TEST(a kill ends a session at once and is heard once) {
  auto session = run(behaving("deaf"));
  session->kill();
  CAF_CHECK_EQUAL(heard.wait_for_end().signal, SIGKILL);
  session->kill();
  CAF_CHECK(!session->send(libraries_request{}, {}));
  session.reset();
  CAF_CHECK_EQUAL(heard.count(), 1u);
}

CAF_TEST(letting go of a session kills and reaps it) {
  auto before = open_descriptors();
  for (int i = 0; i < 10; ++i) {
    auto session = run({});
    session.reset();
    CAF_CHECK(no_child_left());
  }
  CAF_CHECK_EQUAL(open_descriptors(), before);
}

CAF_TEST(a missing program is a failure that names it) {
  auto before = open_descriptors();
  auto result = make_starter("/nowhere/troupe-session")({}, heard.function());
  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::session_unavailable);
  CAF_CHECK_EQUAL(result.error().subject, "/nowhere/troupe-session");
  CAF_CHECK_EQUAL(heard.count(), 0u);
  CAF_CHECK_EQUAL(open_descriptors(), before);
}

CAF_TEST(records come out whole however their bytes arrive) {
  auto bytes = std::string{"\0\0\0\1a\0\0\0\3bcd\0\0\0\2ef", 18};
  for (size_t step = 1; step <= bytes.size(); ++step)
    CAF_CHECK_EQUAL(all_records(bytes, step), "a|bcd|ef|");
  CAF_CHECK_EQUAL(all_records({"\0\0\0\1a\x01\0\0\1bc", 11}, 3), "a|broken");
}

CAF_TEST(the session program lies beside this one unless told otherwise) {
  std::string saved;
  if (auto value = std::getenv("TROUPE_SESSION"))
    saved = value;
  ::setenv("TROUPE_SESSION", "/some/where", 1);
  CAF_CHECK_EQUAL(default_session_program(), "/some/where");
  ::unsetenv("TROUPE_SESSION");
  auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  CAF_CHECK_EQUAL(default_session_program(),
                  (beside / "troupe-session").string());
  if (!saved.empty())
    ::setenv("TROUPE_SESSION", saved.c_str(), 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
