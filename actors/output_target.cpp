#include "actors/output_target.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace troupe {

namespace {

failure cannot_create(const std::string& path, std::string cause,
                      std::string advice = "") {
  return {ec::cannot_create, path, std::move(cause), std::move(advice)};
}

failure no_folder(const std::string& path, const std::string& folder,
                  int error) {
  if (error == ENOENT)
    return cannot_create(path, "there is no folder " + folder,
                         "create it first");
  return cannot_create(path, folder + ": " + std::strerror(error));
}

failure not_writable(const std::string& path, const std::string& folder,
                     int error) {
  return cannot_create(path, folder + ": " + std::strerror(error),
                       "choose a folder that can be written to");
}

} // namespace

outcome<output_target> output_target::open(const std::string& path,
                                           bool may_exist,
                                           const source_file& source,
                                           const file_space& files) {
  auto opened = files.open_folder(path);
  if (!opened)
    return opened.error();
  const auto& [parent, name, folder] = *opened;
  if (name.empty() || name == "." || name == "..")
    return cannot_create(path, "names a folder", "add a file name");
  if (!folder.file)
    return no_folder(path, parent, folder.error);
  output_target result{path, name, std::move(opened->folder.file)};
  if (auto free = result.check_free(may_exist, source); !free)
    return free.error();
  if (::faccessat(result.folder(), ".", W_OK | X_OK, AT_EACCESS) != 0)
    return not_writable(path, parent, errno);
  return result;
}

outcome<void> output_target::check_free(bool may_exist,
                                        const source_file& source) const {
  struct stat found {};
  if (::fstatat(folder(), name_.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT)
      return {};
    return cannot_create(path_, std::strerror(errno));
  }
  // A link to the source is the source; one that leads nowhere is just a name.
  struct stat meant = found;
  if (::fstatat(folder(), name_.c_str(), &meant, 0) == 0 && source.is(meant))
    return failure{ec::impossible_job, path_, "is the input itself",
                   "name another output"};
  if (!S_ISREG(meant.st_mode) && !S_ISLNK(meant.st_mode))
    return cannot_create(
        path_, S_ISDIR(meant.st_mode) ? "is a folder" : "is no regular file",
        "name another output");
  if (!may_exist)
    return failure{ec::output_exists, path_, "exists",
                   "name another output, or say --replace"};
  return {};
}

std::optional<uint64_t> output_target::free_bytes() const {
  struct statvfs found {};
  if (::fstatvfs(folder(), &found) != 0)
    return std::nullopt;
  return uint64_t{found.f_bavail} * found.f_frsize;
}

outcome<void> output_target::sync() const {
  // A descriptor of O_PATH can't be synced.
  unique_fd readable{
      ::openat(folder(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  // A folder that may be written but not read can't be synced by us.
  if (!readable)
    return {};
  // EINVAL: a file system that has nothing to sync.
  if (::fsync(readable.get()) != 0 && errno != EINVAL)
    return failure{ec::io_error, path_, std::strerror(errno), "check the disk"};
  return {};
}

} // namespace troupe
