#include "actors/roots.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace troupe {

namespace {

/// The kernel gives up with EAGAIN when something was renamed while it walked.
constexpr int most_walks = 16;

int open_below(int directory, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int walk = 1;; ++walk) {
    auto result = static_cast<int>(
        ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how));
    if (result >= 0 || errno != EAGAIN || walk == most_walks)
      return result;
  }
}

root_status status_of(const std::string& name, int directory) {
  root_status result;
  result.name = name;
  result.writable = ::faccessat(directory, ".", W_OK | X_OK, AT_EACCESS) == 0;
  struct statvfs found {};
  if (::fstatvfs(directory, &found) == 0)
    result.free_bytes = uint64_t{found.f_bavail} * found.f_frsize;
  return result;
}

} // namespace

outcome<root_table>
root_table::open(const std::map<std::string, std::string>& roots) {
  root_table result;
  for (const auto& [name, path] : roots) {
    unique_fd directory{::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!directory)
      return failure{ec::bad_config, "roots." + name,
                     path + ": " + std::strerror(errno),
                     "name a directory that is there"};
    result.directories_.emplace(name, std::move(directory));
  }
  return result;
}

outcome<opened_file> root_table::open_beneath(const std::string& root,
                                              const std::string& path,
                                              int flags) const {
  auto subject = root + ":/" + path;
  auto found = directories_.find(root);
  if (found == directories_.end())
    return failure{ec::not_found, subject, "this node has no root " + root,
                   "name a root that `troupe nodes` shows"};
  unique_fd file{open_below(found->second.get(), path, flags)};
  if (file)
    return opened_file{std::move(file), 0};
  auto error = errno;
  if (error == EXDEV)
    return failure{ec::outside_roots, subject, "leads out of its root",
                   "use links within the root, by relative paths"};
  if (error == ENOSYS)
    return failure{ec::internal, subject, "the kernel can't confine paths",
                   "roots need Linux 5.6 or newer"};
  return opened_file{{}, error};
}

std::vector<root_status> root_table::statuses() const {
  std::vector<root_status> result;
  for (const auto& [name, directory] : directories_)
    result.push_back(status_of(name, directory.get()));
  return result;
}

} // namespace troupe
