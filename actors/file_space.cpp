#include "actors/file_space.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>

namespace troupe {

namespace {

constexpr int folder_flags = O_PATH | O_DIRECTORY;

opened_file open_here(const std::string& path, int flags) {
  unique_fd file{::open(path.c_str(), flags | O_CLOEXEC)};
  if (!file)
    return {{}, errno};
  return {std::move(file), 0};
}

/// Folder and name, by the last slash.
std::pair<std::string, std::string> split(const std::string& path) {
  auto slash = path.rfind('/');
  if (slash == std::string::npos)
    return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

} // namespace

outcome<opened_file> file_space::open(const std::string& path,
                                      int flags) const {
  if (!roots_)
    return open_here(path, flags);
  auto parsed = parse_rooted_path(path);
  if (!parsed)
    return parsed.error();
  return roots_->open_beneath(parsed->root, parsed->path, flags);
}

outcome<opened_folder> file_space::open_folder(const std::string& path) const {
  if (!roots_) {
    auto [folder, name] = split(path);
    auto opened = open_here(folder, folder_flags);
    return opened_folder{folder, name, std::move(opened)};
  }
  auto parsed = parse_rooted_path(path);
  if (!parsed)
    return parsed.error();
  auto [folder, name] = split(parsed->path);
  auto opened = roots_->open_beneath(parsed->root, folder, folder_flags);
  if (!opened)
    return opened.error();
  auto shown = parsed->root + ":/" + (folder == "." ? "" : folder);
  return opened_folder{shown, name, std::move(*opened)};
}

} // namespace troupe
