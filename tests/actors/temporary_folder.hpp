#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace troupe::test {

/// A folder that goes with the test.
class temporary_folder {
public:
  explicit temporary_folder(const std::filesystem::path& where =
                                std::filesystem::temp_directory_path()) {
    auto name = (where / "troupe-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw std::runtime_error("no folder for a test");
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(path_);
  }

  std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }

  std::string path() const { return path_.string(); }

  /// Writes a file. @returns its path
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return *this / name;
  }

  std::string read(const std::string& name) const {
    std::ifstream file{path_ / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  /// The names in it.
  std::set<std::string> names() const {
    std::set<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator{path_})
      result.insert(entry.path().filename().string());
    return result;
  }

private:
  std::filesystem::path path_;
};

} // namespace troupe::test
