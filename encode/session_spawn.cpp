#include "encode/session_spawn.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "encode/session_protocol.hpp"

namespace troupe::session {

namespace {

constexpr int first_free = control_descriptor + 1;

/// What posix_spawn is to do in the child before it becomes the program.
class spawn_recipe {
public:
  spawn_recipe() {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
  }
  spawn_recipe(const spawn_recipe&) = delete;
  spawn_recipe& operator=(const spawn_recipe&) = delete;
  ~spawn_recipe() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }

  void descriptors(int control, int errors) {
    posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files_, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, errors, 2);
    posix_spawn_file_actions_adddup2(&files_, control, control_descriptor);
    // Not everything in this process is opened with CLOEXEC.
    posix_spawn_file_actions_addclosefrom_np(&files_, first_free);
  }

  /// No signal is blocked or handled, and a terminal's Ctrl-C doesn't reach the
  /// session: the node decides what becomes of it.
  void signals() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK
                                               | POSIX_SPAWN_SETSIGDEF
                                               | POSIX_SPAWN_SETPGROUP);
  }

  /// @returns 0 or an error number
  int spawn(pid_t& pid, const std::string& program, char* const* arguments,
            char* const* environment) const {
    return posix_spawn(&pid, program.c_str(), &files_, &attributes_, arguments,
                       environment);
  }

private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

failure unavailable(const std::string& program, const char* call, int error) {
  return {ec::session_unavailable, program,
          std::string{call} + ": " + std::strerror(error),
          "install troupe and troupe-session in the same folder"};
}

/// The two ends of a channel between node and session.
struct channel {
  unique_fd ours;
  unique_fd theirs;
};

/// Moves the session's end out of the way of the numbers that the session gets
/// its descriptors at.
bool make_room(channel& x) {
  x.theirs = unique_fd{::fcntl(x.theirs.get(), F_DUPFD_CLOEXEC, first_free)};
  return static_cast<bool>(x.theirs);
}

bool open_socket(channel& x) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return false;
  x = {unique_fd{ends[0]}, unique_fd{ends[1]}};
  return make_room(x);
}

bool open_pipe(channel& x) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return false;
  x = {unique_fd{ends[0]}, unique_fd{ends[1]}};
  return make_room(x);
}

/// Nothing of the node's environment is a session's business. Sanitizers are
/// steered by theirs.
std::vector<std::string> session_environment() {
  std::vector<std::string> result;
#ifdef TROUPE_SANITIZED
  for (auto name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"})
    if (auto value = std::getenv(name))
      result.push_back(std::string{name} + '=' + value);
#endif
  return result;
}

/// The wrapper in glibc 2.36 can't be linked from C++.
unique_fd open_process(pid_t pid) {
  return unique_fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& word : words)
    result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

} // namespace

outcome<spawned_session> spawn_session(const std::string& program) {
  channel control;
  channel errors;
  if (!open_socket(control) || !open_pipe(errors))
    return unavailable(program, "cannot make its channels", errno);
  spawn_recipe recipe;
  recipe.descriptors(control.theirs.get(), errors.theirs.get());
  recipe.signals();
  std::vector<std::string> arguments{program, std::to_string(::getpid())};
  auto environment = session_environment();
  spawned_session result;
  if (auto error = recipe.spawn(result.pid, program, pointers(arguments).data(),
                                pointers(environment).data());
      error != 0)
    return unavailable(program, "cannot be started", error);
  result.process = open_process(result.pid);
  if (!result.process) {
    auto error = errno;
    ::kill(result.pid, SIGKILL);
    ::waitpid(result.pid, nullptr, 0);
    return unavailable(program, "cannot be watched", error);
  }
  result.control = std::move(control.ours);
  result.errors = std::move(errors.ours);
  return result;
}

void kill_session(const spawned_session& session) {
  // By descriptor, as the number may belong to another process by now.
  if (session.process)
    ::syscall(SYS_pidfd_send_signal, session.process.get(), SIGKILL, nullptr,
              0);
}

} // namespace troupe::session
