#include "actors/leftovers.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "actors/output_names.hpp"

namespace troupe {

namespace {

// The file has one path per line, in which "%0a" stands for a line's end and
// "%25" for a percent sign.

std::string escaped(const std::string& path) {
  std::string result;
  for (auto c : path)
    if (c == '\n')
      result += "%0a";
    else if (c == '%')
      result += "%25";
    else
      result += c;
  return result;
}

std::string unescaped(std::string_view line) {
  std::string result;
  while (!line.empty()) {
    auto newline = line.starts_with("%0a");
    auto percent = line.starts_with("%25");
    result += newline ? '\n' : percent ? '%' : line[0];
    line.remove_prefix(newline || percent ? 3 : 1);
  }
  return result;
}

/// Unlinks a partial file. True when it is gone, or none of ours to unlink.
bool clear_away(const std::string& path, const file_space& files) {
  auto opened = files.open_folder(path);
  if (!opened || !attempt_in(opened->name)) {
    spdlog::warn("{} is noted as left behind, but isn't touched: {}", path,
                 opened ? "it is no partial file" : to_string(opened.error()));
    return true;
  }
  const auto& folder = opened->folder;
  if (!folder.file)
    return folder.error == ENOENT || folder.error == ENOTDIR;
  if (::unlinkat(folder.file.get(), opened->name.c_str(), 0) == 0) {
    spdlog::info("{} was left behind and is gone now", path);
    return true;
  }
  auto error = errno;
  if (error != ENOENT)
    spdlog::warn("{} was left behind and can't be unlinked: {}", path,
                 std::strerror(error));
  return error == ENOENT;
}

} // namespace

outcome<std::shared_ptr<leftovers>> leftovers::open(const std::string& file) {
  std::shared_ptr<leftovers> result{new leftovers{file}};
  if (::access(file.c_str(), F_OK) != 0 && errno == ENOENT)
    return result;
  std::ifstream text{file, std::ios::binary};
  std::string line;
  while (result->entries_.size() < most_entries && std::getline(text, line))
    // The last line of a file that was cut has no end, and is not whole.
    if (!text.eof() && !line.empty())
      result->entries_.insert(unescaped(line));
  if (text.bad() || (text.fail() && !text.eof()))
    return failure{ec::io_error, file, "can't be read",
                   "check the node's data folder"};
  return result;
}

size_t leftovers::sweep(const file_space& files) {
  std::lock_guard lock{mutex_};
  if (entries_.empty())
    return 0;
  auto gone = std::erase_if(entries_, [&](const std::string& path) {
    return clear_away(path, files);
  });
  save();
  return gone;
}

void leftovers::add(const std::vector<std::string>& paths) {
  std::lock_guard lock{mutex_};
  entries_.insert(paths.begin(), paths.end());
  save();
}

void leftovers::remove(const std::vector<std::string>& paths) {
  std::lock_guard lock{mutex_};
  for (const auto& path : paths)
    entries_.erase(path);
  save();
}

std::set<std::string> leftovers::entries() const {
  std::lock_guard lock{mutex_};
  return entries_;
}

/// Puts a new file in the old one's place, so that whoever reads it finds one
/// or the other.
void leftovers::save() {
  auto fresh = file_ + ".new";
  std::ofstream text{fresh, std::ios::binary | std::ios::trunc};
  for (const auto& path : entries_)
    text << escaped(path) << '\n';
  text.close();
  if (!text || std::rename(fresh.c_str(), file_.c_str()) != 0)
    spdlog::warn("{} can't be written: partial files may stay behind when this "
                 "node is killed",
                 file_);
}

} // namespace troupe
