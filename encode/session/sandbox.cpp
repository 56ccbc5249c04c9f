#include "encode/session/sandbox.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <memory>

#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "encode/encoders.hpp"
#include "encode/session/encoders.hpp"
#include "encode/session_protocol.hpp"

namespace troupe::session {

namespace {

/// A block that a working encoder can always spare.
constexpr size_t trial_bytes = size_t{64} << 20;

/// Descriptors of one session: control, input, outputs, and a few of libav's
/// own making.
constexpr rlim_t most_descriptors = 64;

void on_crash(int signal) {
  if (memory_is_exhausted())
    ::_exit(out_of_memory_status);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

[[noreturn]] void on_terminate() {
  if (auto thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
      ::_exit(out_of_memory_status);
    } catch (const std::exception& error) {
      // Last words; the parent reads standard error.
      auto text = std::string{"terminate: "} + error.what() + "\n";
      [[maybe_unused]] auto written =
          ::write(STDERR_FILENO, text.data(), text.size());
    } catch (...) {
      // Not ours; std::abort below says all that there is.
    }
  }
  std::abort();
}

outcome<void> limit(int resource, rlim_t value, const char* name) {
  rlimit both{value, value};
  // A lower hard limit that the administrator set stays.
  rlimit current{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &current) == 0
      && current.rlim_max < value)
    both.rlim_cur = both.rlim_max = current.rlim_max;
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0)
    return failure{ec::session_unavailable, name, std::strerror(errno),
                   "check the limits of the node's user"};
  return {};
}

/// Best effort is what a process begins with. The wrapper is missing in glibc,
/// the numbers are those of linux/ioprio.h, which old kernels' headers lack.
outcome<void> set_io_priority(io_priority wanted) {
  constexpr int of_this_process = 1;
  constexpr int idle_class = 3;
  constexpr int class_shift = 13;
  if (wanted == io_priority::idle
      && ::syscall(SYS_ioprio_set, of_this_process, 0,
                   idle_class << class_shift)
             != 0)
    return failure{ec::session_unavailable, "io-priority", std::strerror(errno),
                   "say best-effort in [limits]"};
  return {};
}

outcome<void> set_limits(const session_limits& limits) {
  // Nice 0 to 19 only lowers priority, which everybody may.
  if (limits.nice > 0 && ::setpriority(PRIO_PROCESS, 0, limits.nice) != 0)
    return failure{ec::session_unavailable, "nice", std::strerror(errno), ""};
  if (auto set = set_io_priority(limits.io); !set)
    return set;
  if (auto set = limit(RLIMIT_CORE, 0, "RLIMIT_CORE"); !set)
    return set;
  if (auto set = limit(RLIMIT_NOFILE, most_descriptors, "RLIMIT_NOFILE"); !set)
    return set;
#ifndef TROUPE_SANITIZED
  // AddressSanitizer reserves terabytes of addresses for its shadow.
  if (limits.memory_bytes > 0)
    if (auto set = limit(RLIMIT_AS, limits.memory_bytes, "RLIMIT_AS"); !set)
      return set;
#endif
  if (limits.max_file_bytes > 0)
    if (auto set = limit(RLIMIT_FSIZE, limits.max_file_bytes, "RLIMIT_FSIZE");
        !set)
      return set;
  // Over RLIMIT_FSIZE a write fails with EFBIG instead of killing us.
  ::signal(SIGXFSZ, SIG_IGN);
  return {};
}

struct filter_deleter {
  void operator()(void* x) const noexcept { seccomp_release(x); }
};

/// What decoding and encoding needs of the kernel. Everything else is refused
/// with EPERM, so that a library that merely asks goes on.
constexpr std::initializer_list<int> allowed_calls{
    // memory and threads
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_setscheduler),
    SCMP_SYS(sched_get_priority_max),
    SCMP_SYS(sched_get_priority_min),
    SCMP_SYS(getpriority),
    SCMP_SYS(setpriority),
    SCMP_SYS(get_mempolicy),
    SCMP_SYS(set_mempolicy),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(getcpu),
    // descriptors that are there already
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(sync_file_range),
    SCMP_SYS(close),
    SCMP_SYS(dup),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(fstat),
    SCMP_SYS(eventfd2),
    // the control socket; a session has no other and can't make one
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    // time, signals and facts about the process
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(clock_getres),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
};

int allow_with_conditions(scmp_filter_ctx filter) {
  auto own = static_cast<scmp_datum_t>(::getpid());
  // Threads, but no processes.
  auto rc =
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                       SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM,
                               CLONE_THREAD | CLONE_VM));
  // glibc asks for clone3, whose flags a filter can't read, and takes clone
  // when there is no such call.
  if (rc == 0)
    rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  // Signals to itself only: abort() uses them.
  if (rc == 0)
    rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                          SCMP_A0(SCMP_CMP_EQ, own));
  // No page becomes executable any more: all code is mapped already.
  for (auto call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    if (rc == 0)
      rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  // fstat(3) is newfstatat with an empty path in newer libcs: on a descriptor,
  // not on a name.
  if (rc == 0)
    rc = seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
        SCMP_A3(SCMP_CMP_MASKED_EQ, 0x1000 /*AT_EMPTY_PATH*/, 0x1000));
  // Limits may be read, never changed.
  if (rc == 0)
    rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                          SCMP_A2(SCMP_CMP_EQ, 0));
  // Thread names.
  if (rc == 0)
    rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                          SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
#ifdef TROUPE_SANITIZED
  // The sanitizer's runtime maps its own report tools.
  if (rc == 0)
    rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(readlink), 0);
#endif
  return rc;
}

} // namespace

bool die_with_parent(int parent) {
  return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent;
}

bool memory_is_exhausted() {
  auto block = ::mmap(nullptr, trial_bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED)
    return true;
  ::munmap(block, trial_bytes);
  return false;
}

void report_memory_exhaustion() {
  std::set_terminate(on_terminate);
#ifndef TROUPE_SANITIZED
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (auto signal : {SIGSEGV, SIGBUS, SIGABRT})
    ::sigaction(signal, &action, nullptr);
#endif
}

void warm_up(const std::vector<std::string>& encoders) {
  for (auto& name : encoders) {
    auto entry = find_video_encoder(name);
    if (!entry || entry->pixel_formats.empty())
      continue;
    video_encode tiny;
    tiny.encoder = name;
    tiny.width = tiny.height = 128;
    tiny.pixel_format = entry->pixel_formats.front();
    tiny.frame_rate = {25, 1};
    tiny.time_base = {1, 25};
    tiny.options = entry->options;
    // An encoder that doesn't open now says why when it is asked for.
    [[maybe_unused]] auto opened = open_video_encoder(tiny, true);
  }
}

outcome<void> close_sandbox(const session_limits& limits) {
  if (auto set = set_limits(limits); !set)
    return set;
  auto refuse = [](int rc) {
    return failure{ec::session_unavailable, "sandbox", std::strerror(-rc),
                   "this kernel lacks seccomp filters; sessions don't run "
                   "without them"};
  };
  std::unique_ptr<void, filter_deleter> filter{
      seccomp_init(SCMP_ACT_ERRNO(EPERM))};
  if (!filter)
    return refuse(-ENOMEM);
  for (auto call : allowed_calls)
    if (auto rc = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
        rc != 0)
      return refuse(rc);
  if (auto rc = allow_with_conditions(filter.get()); rc != 0)
    return refuse(rc);
  // Threads that warming up left behind are bound too. no_new_privs is set by
  // libseccomp itself.
  seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  if (auto rc = seccomp_load(filter.get()); rc != 0)
    return refuse(rc);
  return {};
}

} // namespace troupe::session
