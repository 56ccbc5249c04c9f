#include "actors/output_partial.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "actors/output_names.hpp"
#include "actors/same_content.hpp"

namespace troupe {

// Who publishes when several attempts could.
//
// At any time one attempt at most is let publish by its JOB. A node that was
// let and is gone is only thought to be gone: it may be frozen between any two
// operations below and go on later, while an attempt of another node, in doubt
// about it, publishes the same outputs.
//
// - The later one first unlinks the earlier one's partial files, of all
//   outputs, and places its own only then. Renaming and unlinking one name are
//   atomic, so an output of the earlier one is either in place by then or will
//   never be: its rename finds nothing (`dispossessed`), and it stops.
// - It stops as it stands and takes nothing back: who dispossessed it makes the
//   set complete. What it has in place already, the later one finds there. The
//   bytes are the same, and the later one puts its own file in its place
//   (`take_over`), so that nobody who goes by "is it mine?" could remove it.
//   With `replace` it exchanges the files without looking, as with any other.
// - The earlier one unlinks partial files of others only once all of its
//   outputs are in place and durable. So at most one of the two loses its
//   partial file to the other before the set is complete, and where the later
//   one does, it finds the same bytes in place and is done as well
//   (`without_file`).
// - What is taken back after a failure is moved away, looked at, and moved back
//   if it isn't this attempt's own. What was exchanged can only be exchanged
//   back while the partial name exists, which a later one unlinks first.
// - The same goes for any number of attempts that were let publish in turn:
//   each knows all that were before it.
//
// Where bytes differ, as some hardware encodes, a later attempt without
// `replace` fails with output_exists and leaves what is there. With `replace`,
// files of both may come to stand side by side, each of them whole and
// verified.

namespace {

failure creation_failure(const std::string& path, int error) {
  auto full = error == ENOSPC || error == EDQUOT;
  return {full ? ec::disk_full : ec::cannot_create, path, std::strerror(error),
          full ? "free space on its disk" : "check its folder"};
}

failure appeared(const std::string& path) {
  return {ec::output_exists, path, "appeared while the job ran",
          "name another output, or say --replace"};
}

failure differs(const std::string& path) {
  return {ec::output_exists, path,
          "exists and isn't what this attempt made; an earlier attempt, whose "
          "node is gone, may have made it",
          "look at it, then remove it or say --replace"};
}

outcome<output_partial::placing> came_and_went(const std::string& path) {
  return failure{ec::io_error, path, "came and went while the job published",
                 "see who else writes there"};
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

outcome<output_partial> output_partial::create(output_target target,
                                               const attempt_id& attempt) {
  auto name = partial_name(target.name(), attempt);
  // The rights of a file that any program makes: 0666 less the umask.
  constexpr mode_t rights = 0666;
  unique_fd file{::openat(target.folder(), name.c_str(),
                          O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                          rights)};
  if (!file)
    return creation_failure(target.path(), errno);
  return output_partial{std::move(target), attempt, std::move(name),
                        std::move(file)};
}

output_partial::output_partial(output_target target, const attempt_id& attempt,
                               std::string name, unique_fd file)
    : target_(std::move(target)), attempt_(attempt), name_(std::move(name)),
      file_(std::move(file)) {}

output_partial::output_partial(output_partial&& other) noexcept
    : target_(std::move(other.target_)), attempt_(other.attempt_),
      name_(std::move(other.name_)), file_(std::move(other.file_)),
      where_(std::exchange(other.where_, standing::theirs)) {}

output_partial::~output_partial() {
  if (where_ == standing::partial || where_ == standing::exchanged)
    unlink(name_);
}

uint64_t output_partial::size_bytes() const {
  struct stat found {};
  if (::fstat(file_.get(), &found) != 0)
    return 0;
  return static_cast<uint64_t>(found.st_size);
}

void output_partial::dispossess(uint32_t attempt, const step& before) const {
  auto other = attempt_;
  other.number = attempt;
  before();
  unlink(partial_name(target_.name(), other));
}

outcome<output_partial::placing>
output_partial::place(const placing_rules& rules, const source_file& source,
                      const step& before) {
  return rules.replace ? place_over(rules, source, before)
                       : place_free(rules, before);
}

outcome<output_partial::placing>
output_partial::place_over(const placing_rules& rules,
                           const source_file& source, const step& before) {
  // A folder, for one, could be exchanged for a file, but not be unlinked.
  if (auto free = target_.check_free(true, source); !free)
    return free.error();
  before();
  // What was there is kept until all outputs are in place.
  auto error = exchange();
  if (error == 0) {
    where_ = standing::exchanged;
    return placing::placed;
  }
  if (unsupported(error)) {
    if (::renameat(target_.folder(), name_.c_str(), target_.folder(),
                   target_.name().c_str())
        == 0) {
      where_ = standing::moved;
      return placing::placed;
    }
    error = errno;
  }
  if (error == ENOENT)
    return place_free(rules, before);
  return creation_failure(target_.path(), error);
}

outcome<output_partial::placing>
output_partial::place_free(const placing_rules& rules, const step& before) {
  before();
  switch (auto error =
              rename_to_free(target_.folder(), name_, target_.name())) {
    case 0:
      where_ = standing::moved;
      return placing::placed;
    case ENOENT:
      return without_file(rules);
    case EEXIST:
      if (rules.in_doubt)
        return take_over(before);
      return appeared(target_.path());
    default:
      return creation_failure(target_.path(), error);
  }
}

/// The final name has a file already, which may be an earlier attempt's.
/// From here on it isn't taken back: it may complete an earlier attempt's set.
outcome<output_partial::placing> output_partial::take_over(const step& before) {
  auto theirs = same_content(target_.folder(), target_.name(), file_.get());
  if (!theirs)
    return differs(target_.path());
  before();
  auto error = exchange();
  if (error == ENOENT)
    return mine(name_) ? came_and_went(target_.path())
                       : without_file({false, true});
  before();
  // Where files can't be exchanged theirs stays, which is as good. Where the
  // name is gone again, the earlier one woke up and is through.
  auto received = identity_of(target_.folder(), name_);
  if (error != 0 || !received || received == theirs) {
    where_ = standing::theirs;
    unlink(name_);
    return placing::placed;
  }
  // Somebody put another file there between the look and the exchange.
  exchange();
  return appeared(target_.path());
}

/// The partial file is gone.
outcome<output_partial::placing>
output_partial::without_file(const placing_rules& rules) {
  where_ = standing::theirs;
  if (rules.in_doubt
      && same_content(target_.folder(), target_.name(), file_.get()))
    return placing::placed;
  return placing::dispossessed;
}

void output_partial::take_back(const step& before) {
  auto was = std::exchange(where_, standing::partial);
  if (was == standing::theirs)
    where_ = was;
  if (was == standing::exchanged) {
    before();
    if (exchange() == 0 && !mine(name_))
      exchange();
  }
  if (was != standing::moved)
    return;
  before();
  rename_to_free(target_.folder(), target_.name(), name_);
  before();
  if (mine(name_))
    return;
  rename_to_free(target_.folder(), name_, target_.name());
  where_ = standing::theirs;
}

void output_partial::settle(const step& before) {
  if (std::exchange(where_, standing::theirs) == standing::exchanged) {
    before();
    unlink(name_);
  }
  before();
  unlink_others();
}

/// @returns 0 or an error number
int output_partial::exchange() const {
  auto folder = target_.folder();
  return ::renameat2(folder, name_.c_str(), folder, target_.name().c_str(),
                     RENAME_EXCHANGE)
                 == 0
             ? 0
             : errno;
}

/// True when the name in the folder is this very file.
bool output_partial::mine(const std::string& name) const {
  struct stat found {};
  return ::fstat(file_.get(), &found) == 0
         && identity_of(target_.folder(), name)
                == file_identity{found.st_dev, found.st_ino};
}

void output_partial::unlink(const std::string& name) const {
  ::unlinkat(target_.folder(), name.c_str(), 0);
}

/// What other attempts of the job left behind of this output.
void output_partial::unlink_others() const {
  auto descriptor =
      ::openat(target_.folder(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  auto listing = descriptor >= 0 ? ::fdopendir(descriptor) : nullptr;
  if (!listing)
    return;
  while (auto entry = ::readdir(listing))
    if (entry->d_name != name_
        && is_partial_name(entry->d_name, target_.name(), attempt_.job))
      unlink(entry->d_name);
  ::closedir(listing);
}

} // namespace troupe
