#include "nodes/data_dir.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe {

namespace {

failure unusable(const std::string& path, const std::string& why) {
  return {ec::cannot_create, path, why, "check [node] data-dir and its rights"};
}

/// Who holds the lock wrote its number into it.
std::string holder(int lock) {
  std::array<char, 32> text{};
  auto size = pread(lock, text.data(), text.size() - 1, 0);
  auto number = std::string{text.data(), size > 0 ? size_t(size) : 0};
  number.erase(number.find_last_not_of('\n') + 1);
  return number.empty() ? "another process" : "process " + number;
}

} // namespace

data_dir::data_dir(std::string path, unique_fd lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

outcome<data_dir> data_dir::open(const std::string& path) {
  std::error_code error;
  auto parent = std::filesystem::path{path}.parent_path();
  if (!parent.empty())
    std::filesystem::create_directories(parent, error);
  if (mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return unusable(path,
                    std::string{"it can't be made: "} + std::strerror(errno));
  auto name = path + "/lock";
  unique_fd lock{::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                        S_IRUSR | S_IWUSR)};
  if (!lock)
    return unusable(name, std::strerror(errno));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return unusable(name, std::strerror(errno));
    return failure{ec::conflict, path, "is in use by " + holder(lock.get()),
                   "a data-dir belongs to one node"};
  }
  auto number = std::to_string(getpid()) + '\n';
  // For people only: what counts is the lock.
  if (ftruncate(lock.get(), 0) != 0
      || pwrite(lock.get(), number.data(), number.size(), 0) < 0)
    return unusable(name, std::strerror(errno));
  return data_dir{path, std::move(lock)};
}

std::string data_dir::file(const std::string& name) const {
  return path_ + '/' + name;
}

} // namespace troupe
