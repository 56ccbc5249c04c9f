#include "actors/output_files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

namespace troupe {

namespace {

/// Leaves room for job, attempt and suffix within the 255 bytes that file
/// systems allow.
constexpr size_t max_stem_bytes = 180;

/// The name, cut at the border of a UTF-8 character.
std::string stem_of(const std::string& name) {
  auto size = std::min(name.size(), max_stem_bytes);
  while (size < name.size() && size > 0
         && (static_cast<unsigned char>(name[size]) & 0xc0) == 0x80)
    --size;
  return name.substr(0, size);
}

std::string partial_name_of(const std::string& name,
                            const attempt_id& attempt) {
  return '.' + stem_of(name) + '.' + to_string(attempt.job) + '-'
         + std::to_string(attempt.number) + ".partial";
}

failure creation_failure(const std::string& path, int error) {
  auto full = error == ENOSPC || error == EDQUOT;
  return {full ? ec::disk_full : ec::cannot_create, path, std::strerror(error),
          full ? "free space on its disk" : "check its folder"};
}

failure appeared(const std::string& path) {
  return {ec::output_exists, path, "appeared while the job ran",
          "name another output, or say --replace"};
}

/// Not every file system knows every kind of renaming.
bool unsupported(int error) {
  return error == EINVAL || error == ENOSYS || error == ENOTSUP;
}

/// Renames within a folder to a name that is free. @returns 0 or an error
/// number
int rename_to_free(int folder, const std::string& from, const std::string& to) {
  if (::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE)
      == 0)
    return 0;
  if (!unsupported(errno))
    return errno;
  if (::linkat(folder, from.c_str(), folder, to.c_str(), 0) != 0)
    return errno;
  ::unlinkat(folder, from.c_str(), 0);
  return 0;
}

} // namespace

outcome<void> output_files::check(const std::vector<std::string>& paths,
                                  bool replace, const source_file& source) {
  for (const auto& path : paths)
    if (auto target = output_target::open(path, replace, source); !target)
      return target.error();
  return {};
}

outcome<output_files>
output_files::create(const std::vector<std::string>& paths, bool replace,
                     const source_file& source, const attempt_id& attempt) {
  output_files result{replace};
  result.files_.reserve(paths.size());
  for (const auto& path : paths)
    if (auto added = result.add(path, source, attempt); !added)
      return added.error();
  return result;
}

output_files::~output_files() {
  for (auto& x : files_)
    if (x.where == standing::partial)
      ::unlinkat(x.target.folder(), x.partial_name.c_str(), 0);
}

outcome<void> output_files::add(const std::string& path,
                                const source_file& source,
                                const attempt_id& attempt) {
  auto target = output_target::open(path, replace_, source);
  if (!target)
    return target.error();
  auto name = partial_name_of(target->name(), attempt);
  // The rights of a file that any program makes: 0666 less the umask.
  constexpr mode_t rights = 0666;
  unique_fd descriptor{
      ::openat(target->folder(), name.c_str(),
               O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, rights)};
  if (!descriptor)
    return creation_failure(path, errno);
  files_.push_back({std::move(*target), name, std::move(descriptor)});
  return {};
}

std::vector<int> output_files::descriptors() const {
  std::vector<int> result;
  for (const auto& x : files_)
    result.push_back(x.descriptor.get());
  return result;
}

uint64_t output_files::size_bytes(size_t index) const {
  struct stat found {};
  if (::fstat(files_[index].descriptor.get(), &found) != 0)
    return 0;
  return static_cast<uint64_t>(found.st_size);
}

outcome<void> output_files::publish(const publish_grant&,
                                    const source_file& source) {
  outcome<void> result;
  for (auto& x : files_)
    if (result = put_in_place(x, source); !result)
      break;
  for (auto& x : files_)
    if (result)
      result = x.target.sync();
  for (auto& x : files_) {
    if (!result)
      take_back(x);
    else if (x.where == standing::exchanged)
      ::unlinkat(x.target.folder(), x.partial_name.c_str(), 0);
  }
  return result;
}

outcome<void> output_files::put_in_place(file& x, const source_file& source) {
  auto folder = x.target.folder();
  const auto& name = x.target.name();
  if (replace_) {
    // A folder, for one, could be exchanged for a file, but not be unlinked.
    if (auto free = x.target.check_free(replace_, source); !free)
      return free.error();
    // What was there is kept until all outputs are in place.
    if (::renameat2(folder, x.partial_name.c_str(), folder, name.c_str(),
                    RENAME_EXCHANGE)
        == 0) {
      x.where = standing::exchanged;
      return {};
    }
    if (unsupported(errno)
        && ::renameat(folder, x.partial_name.c_str(), folder, name.c_str())
               == 0) {
      x.where = standing::moved;
      return {};
    }
    if (errno != ENOENT)
      return creation_failure(x.target.path(), errno);
  }
  auto error = rename_to_free(folder, x.partial_name, name);
  if (error == EEXIST)
    return appeared(x.target.path());
  if (error != 0)
    return creation_failure(x.target.path(), error);
  x.where = standing::moved;
  return {};
}

void output_files::take_back(file& x) {
  auto folder = x.target.folder();
  const auto& name = x.target.name();
  if (x.where == standing::moved)
    ::unlinkat(folder, name.c_str(), 0);
  if (x.where == standing::exchanged)
    ::renameat2(folder, name.c_str(), folder, x.partial_name.c_str(),
                RENAME_EXCHANGE);
  // The destructor unlinks the partial name, which a moved file has no more.
  x.where = standing::partial;
}

} // namespace troupe
