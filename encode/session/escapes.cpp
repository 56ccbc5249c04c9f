#include "encode/session/escapes.hpp"

#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe::session {

namespace {

using attempt = bool (*)();

struct named_attempt {
  const char* name;
  attempt run; ///< true when the kernel let it happen
};

/// A child that came to life must not go on as a second session.
bool had_child(long pid) {
  if (pid == 0)
    ::_exit(0);
  return pid > 0;
}

constexpr named_attempt attempts[] = {
    {"open a file for reading",
     [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }},
    {"open a file for writing",
     [] {
       return ::open("/tmp/troupe-escape", O_WRONLY | O_CREAT, 0600) >= 0;
     }},
    {"open through the old call",
     [] { return ::syscall(SYS_open, "/etc/passwd", O_RDONLY) >= 0; }},
    {"open through openat2",
     [] {
       uint64_t how[3] = {O_RDONLY, 0, 0};
       return ::syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof(how))
              >= 0;
     }},
    {"look at a file by its name",
     [] {
       struct stat status {};
       return ::syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &status, 0)
              == 0;
     }},
    {"remove a file", [] { return ::unlink("/tmp/troupe-escape") == 0; }},
    {"rename a file",
     [] { return ::rename("/tmp/troupe-escape", "/tmp/troupe-escaped") == 0; }},
    {"make a folder",
     [] { return ::mkdir("/tmp/troupe-escape-d", 0700) == 0; }},
    {"open a TCP socket",
     [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
    {"open a UDP socket",
     [] { return ::socket(AF_INET6, SOCK_DGRAM, 0) >= 0; }},
    {"open a local socket",
     [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
    {"make a pair of sockets",
     [] {
       int pair[2];
       return ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
     }},
    {"fork", [] { return had_child(::syscall(SYS_fork)); }},
    {"vfork by clone",
     [] { return had_child(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }},
    {"clone3",
     [] {
       uint64_t arguments[11] = {};
       arguments[4] = SIGCHLD;
       return had_child(::syscall(SYS_clone3, arguments, size_t{64}));
     }},
    {"run a program",
     [] {
       char* const arguments[] = {nullptr};
       ::syscall(SYS_execve, "/bin/true", arguments, arguments);
       return false; // a success doesn't return: the session would be gone
     }},
    {"map memory that is writable and becomes executable",
     [] {
       auto page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       return page != MAP_FAILED
              && ::mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
     }},
    {"map writable and executable memory",
     [] {
       return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
              != MAP_FAILED;
     }},
    {"signal the parent", [] { return ::kill(::getppid(), 0) == 0; }},
    {"trace a process",
     [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }},
    {"raise its own limits",
     [] {
       rlimit none{RLIM_INFINITY, RLIM_INFINITY};
       return ::setrlimit(RLIMIT_NOFILE, &none) == 0;
     }},
    {"set up io_uring",
     [] {
       io_uring_params parameters{};
       return ::syscall(SYS_io_uring_setup, 4, &parameters) >= 0;
     }},
    {"make a memory file to run",
     [] { return ::syscall(SYS_memfd_create, "escape", 0) >= 0; }},
    {"load a BPF program",
     [] { return ::syscall(SYS_bpf, 0, nullptr, 0) >= 0; }},
};

} // namespace

escapes try_escapes() {
  escapes result;
  for (auto& one : attempts) {
    ++result.tried;
    if (one.run())
      result.succeeded.emplace_back(one.name);
  }
  return result;
}

} // namespace troupe::session
