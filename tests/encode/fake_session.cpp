// A session that speaks the protocol and behaves as its test asks for: the
// first of the encoders that it is to warm names the behaviour.
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

#include "encode/session_protocol.hpp"

using namespace troupe;
using namespace troupe::session;

namespace {

constexpr int fd = control_descriptor;

/// Reads exactly `size` bytes and perhaps one descriptor; exits at the end.
std::string read_bytes(size_t size, int& descriptor) {
  std::string result(size, '\0');
  for (size_t done = 0; done < size;) {
    alignas(cmsghdr) char side[CMSG_SPACE(sizeof(int))];
    iovec part{result.data() + done, size - done};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = side;
    header.msg_controllen = sizeof(side);
    auto count = ::recvmsg(fd, &header, 0);
    if (count <= 0)
      std::exit(0);
    if (auto rights = CMSG_FIRSTHDR(&header))
      std::memcpy(&descriptor, CMSG_DATA(rights), sizeof(int));
    done += static_cast<size_t>(count);
  }
  return result;
}

request read_one(int& descriptor) {
  auto head = read_bytes(4, descriptor);
  uint32_t size = 0;
  for (auto byte : head)
    size = size << 8 | static_cast<uint8_t>(byte);
  auto what = read_request(read_bytes(size, descriptor));
  if (!what)
    std::exit(2);
  return *what;
}

void write_bytes(const std::string& bytes) {
  for (size_t done = 0; done < bytes.size();) {
    auto count = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (count <= 0)
      std::exit(0);
    done += static_cast<size_t>(count);
  }
}

void say(const std::string& text) {
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0)
    std::exit(3);
}

size_t open_descriptors() {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"})
    count += entry.exists() || entry.is_symlink() ? 1 : 0;
  return count - 1; // the directory itself
}

std::string blocked_signals() {
  sigset_t set;
  ::sigprocmask(SIG_BLOCK, nullptr, &set);
  std::string result;
  for (int i = 1; i < SIGRTMIN; ++i)
    if (sigismember(&set, i) == 1)
      result += std::to_string(i) + ' ';
  return result;
}

/// What a session finds around it, as pairs of a name and a value.
hello surroundings(int count, char** arguments) {
  hello result;
  auto add = [&result](std::string name, std::string value) {
    result.libraries.push_back({std::move(name), std::move(value)});
  };
  add("descriptors", std::to_string(open_descriptors()));
  add("parent matches",
      count == 2 && arguments[1] == std::to_string(::getppid()) ? "yes" : "no");
  add("own group", ::getpgrp() == ::getpid() ? "yes" : "no");
  add("blocked signals", blocked_signals());
  add("environment", ::environ && *::environ ? *::environ : "");
  return result;
}

/// Answers inspect requests with the first bytes of the file that came along.
[[noreturn]] void serve() {
  for (;;) {
    int input = -1;
    auto what = read_one(input);
    if (!std::holds_alternative<inspect_request>(what))
      continue;
    char text[64] = {};
    inspected answer;
    if (::read(input, text, sizeof(text) - 1) >= 0)
      answer.media.format = text;
    write_bytes(to_record(event{answer}));
  }
}

[[noreturn]] void wait_for_the_end() {
  for (;;)
    ::pause();
}

[[noreturn]] void misbehave(const std::string& how) {
  if (how == "crash") {
    say("about to fall over\n");
    // Sanitizers print a report of their own for a handled signal.
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(SIGSEGV);
  } else if (how == "flood") {
    for (int i = 0; i < 1024; ++i)
      say(std::string(1023, 'x') + '\n');
    say("the end");
    std::_Exit(3);
  } else if (how == "memory") {
    std::_Exit(70);
  } else if (how == "oversized") {
    write_bytes("\x7f\xff\xff\xff");
  } else if (how == "empty record") {
    write_bytes(std::string(4, '\0'));
  } else if (how == "unknown kind") {
    write_bytes(std::string{"\0\0\0\1\x63", 5});
  } else if (how == "many") {
    for (uint64_t i = 1; i <= 20000; ++i) {
      session::progress x;
      x.counters.packets_read = i;
      write_bytes(to_record(event{x}));
    }
    std::_Exit(0);
  } else if (how == "hang up") {
    ::close(fd);
  }
  wait_for_the_end();
}

} // namespace

int main(int count, char** arguments) {
  int none = -1;
  auto first = read_one(none);
  const auto& start = std::get<start_request>(first);
  auto how = start.warm_encoders.empty() ? "" : start.warm_encoders.front();
  if (!how.empty())
    misbehave(how);
  write_bytes(to_record(event{surroundings(count, arguments)}));
  serve();
}
