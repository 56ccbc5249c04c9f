#include "encode/session_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <system_error>
#include <thread>

#include <poll.h>
#include <sys/socket.h>

#include "encode/session_spawn.hpp"
#include "encode/session_watcher.hpp"

namespace troupe::session {

namespace {

/// A session that doesn't take a request for so long is as good as dead.
constexpr std::chrono::milliseconds send_patience{1000};
constexpr size_t max_descriptors = 32;

/// A message that carries descriptors beside its bytes.
class descriptor_message {
public:
  descriptor_message(const std::vector<int>& descriptors) {
    if (descriptors.empty())
      return;
    auto size = descriptors.size() * sizeof(int);
    header_.msg_control = side_.data();
    header_.msg_controllen = CMSG_SPACE(size);
    auto part = CMSG_FIRSTHDR(&header_);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(part), descriptors.data(), size);
  }

  /// Sends some of the bytes without waiting; the descriptors go with the
  /// first. @returns as send(2)
  ssize_t send(int socket, const char* bytes, size_t size) {
    iovec part{const_cast<char*>(bytes), size};
    header_.msg_iov = &part;
    header_.msg_iovlen = 1;
    auto count = ::sendmsg(socket, &header_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      header_.msg_control = nullptr;
      header_.msg_controllen = 0;
    }
    return count;
  }

private:
  alignas(cmsghdr)
      std::array<char, CMSG_SPACE(max_descriptors * sizeof(int))> side_{};
  msghdr header_{};
};

class process final : public handle {
public:
  explicit process(listener hears) : hears_(std::move(hears)) {}

  ~process() override {
    kill();
    if (thread_.joinable())
      thread_.join();
  }

  /// Spawns on the watching thread and waits for what came of it.
  outcome<void> start(const std::string& program) {
    std::promise<outcome<void>> spawned;
    auto result = spawned.get_future();
    thread_ =
        std::thread{[this, program, &spawned] { live(program, spawned); }};
    return result.get();
  }

  bool send(const request& what, const std::vector<int>& descriptors) override {
    using clock = std::chrono::steady_clock;
    if (descriptors.size() > max_descriptors) {
      kill();
      return false;
    }
    auto bytes = to_record(what);
    descriptor_message message{descriptors};
    auto deadline = clock::now() + send_patience;
    for (size_t sent = 0; sent < bytes.size();) {
      auto count = message.send(session_.control.get(), bytes.data() + sent,
                                bytes.size() - sent);
      if (count > 0)
        sent += static_cast<size_t>(count);
      else if (!may_try_again() || clock::now() >= deadline
               || !writable_before(deadline)) {
        // Half a record was perhaps sent: nothing can follow it.
        kill();
        return false;
      }
    }
    return true;
  }

  void kill() override { kill_session(session_); }

private:
  void live(const std::string& program, std::promise<outcome<void>>& spawned) {
    // Signals are for the threads that wait for them.
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
    auto session = spawn_session(program);
    if (!session) {
      spawned.set_value(session.error());
      return;
    }
    session_ = std::move(*session);
    spawned.set_value({});
    watcher{session_, hears_}.run();
  }

  static bool may_try_again() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  }

  bool writable_before(std::chrono::steady_clock::time_point deadline) const {
    using namespace std::chrono;
    auto left = ceil<milliseconds>(deadline - steady_clock::now());
    pollfd ready{session_.control.get(), POLLOUT, 0};
    return ::poll(&ready, 1, static_cast<int>(left.count())) != 0;
  }

  listener hears_;
  /// Written by the thread before `start` returns; read only after that.
  spawned_session session_;
  std::thread thread_;
};

outcome<handle_ptr> start(const std::string& program, const start_request& how,
                          listener hears) {
  auto result = std::make_unique<process>(std::move(hears));
  try {
    if (auto started = result->start(program); !started)
      return started.error();
  } catch (const std::system_error& error) {
    return failure{ec::session_unavailable, program,
                   std::string{"no thread to watch it: "} + error.what(),
                   "raise the limit of processes"};
  }
  // If this fails the session is dying, and the listener hears of it.
  result->send(how, {});
  return handle_ptr{std::move(result)};
}

} // namespace

std::string default_session_program() {
  if (auto named = std::getenv("TROUPE_SESSION"); named && *named)
    return named;
  std::error_code error;
  auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / "troupe-session").string();
}

starter make_starter(std::string program) {
  return
      [program = std::move(program)](const start_request& how, listener hears) {
        return start(program, how, std::move(hears));
      };
}

} // namespace troupe::session
