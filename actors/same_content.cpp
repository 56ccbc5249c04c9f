#include "actors/same_content.hpp"

#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "encode/unique_fd.hpp"

namespace troupe {

namespace {

constexpr size_t piece_bytes = size_t{1} << 20;

/// Reads until `size` bytes or the end. @returns what it got; -1 for an error
ssize_t read_fully(int file, char* to, size_t size, off_t at) {
  size_t got = 0;
  while (got < size) {
    auto n = ::pread(file, to + got, size - got, at + static_cast<off_t>(got));
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    got += static_cast<size_t>(n);
  }
  return static_cast<ssize_t>(got);
}

bool same_bytes(int a, int b, off_t size) {
  std::vector<char> left(piece_bytes), right(piece_bytes);
  for (off_t at = 0; at < size;) {
    auto n = read_fully(a, left.data(), left.size(), at);
    if (n <= 0 || read_fully(b, right.data(), right.size(), at) != n
        || std::memcmp(left.data(), right.data(), static_cast<size_t>(n)) != 0)
      return false;
    at += n;
  }
  return true;
}

} // namespace

std::optional<file_identity> identity_of(int folder, const std::string& name) {
  struct stat found {};
  if (::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
    return std::nullopt;
  return file_identity{found.st_dev, found.st_ino};
}

std::optional<file_identity> same_content(int folder, const std::string& name,
                                          int file) {
  // O_NONBLOCK: it may be a pipe by now, which must not hang us.
  unique_fd other{::openat(folder, name.c_str(),
                           O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  struct stat theirs {};
  struct stat ours {};
  if (!other || ::fstat(other.get(), &theirs) != 0 || ::fstat(file, &ours) != 0
      || !S_ISREG(theirs.st_mode) || theirs.st_size != ours.st_size
      || !same_bytes(other.get(), file, ours.st_size))
    return std::nullopt;
  return file_identity{theirs.st_dev, theirs.st_ino};
}

} // namespace troupe
