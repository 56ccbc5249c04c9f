#include "actors/source_file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>

namespace troupe {

namespace {

failure unreadable(const std::string& path, int error) {
  auto advice = error == EACCES   ? "check its rights"
                : error == ENOENT ? "check the path"
                                  : "";
  return {ec::no_input, path, std::strerror(error), advice};
}

failure no_file(const std::string& path, mode_t mode) {
  if (S_ISDIR(mode))
    return {ec::no_input, path, "is a folder", "name a file in it"};
  return {ec::no_input, path, "is no regular file",
          "copy what it delivers into a file first"};
}

outcome<unique_fd> open_regular(const std::string& path,
                                const file_space& files, int flags) {
  auto opened = files.open(path, flags);
  if (!opened)
    return opened.error();
  struct stat found {};
  if (!opened->file)
    return unreadable(path, opened->error);
  if (::fstat(opened->file.get(), &found) != 0)
    return unreadable(path, errno);
  if (!S_ISREG(found.st_mode))
    return no_file(path, found.st_mode);
  return std::move(opened->file);
}

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

} // namespace

outcome<source_file> source_file::open(const std::string& path,
                                       const file_space& files) {
  // O_PATH first: merely opening some devices moves them.
  auto seen = open_regular(path, files, O_PATH);
  if (!seen)
    return seen.error();
  // It may be something else by now; O_NONBLOCK keeps a pipe from hanging us.
  auto file = open_regular(path, files, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file)
    return file.error();
  struct stat found {};
  if (::fstat(file->get(), &found) != 0)
    return unreadable(path, errno);
  if (found.st_size == 0)
    return failure{ec::bad_input, path, "is empty", ""};
  return source_file{path, std::move(*file), found};
}

bool source_file::is(const struct stat& other) const {
  return other.st_dev == found_.st_dev && other.st_ino == found_.st_ino;
}

outcome<void> source_file::check_unchanged() const {
  struct stat now {};
  if (::fstat(file_.get(), &now) != 0)
    return failure{ec::io_error, path_, std::strerror(errno), ""};
  if (now.st_size == found_.st_size && same_time(now.st_mtim, found_.st_mtim))
    return {};
  return failure{ec::input_changed, path_, "changed while it was read",
                 "encode it again when nobody writes to it"};
}

} // namespace troupe
