#pragma once

#include <memory>
#include <string>

#include "actors/roots.hpp"

namespace troupe {

/// The last step of a path, and where it starts from.
struct opened_folder {
  std::string path; ///< of the folder, for people
  std::string name; ///< in it; may be "", "." or ".." where nobody checked
  opened_file folder;
};

/// Where the paths of tasks lead. In one process for one job they are paths of
/// this machine; in a cluster they lead beneath roots, "media:/a.mkv", and
/// nowhere else.
class file_space {
public:
  /// All of this machine.
  file_space() = default;

  explicit file_space(std::shared_ptr<const root_table> roots)
      : roots_(std::move(roots)) {}

  /// Opens what is there; never creates anything. Codes: those of
  /// `parse_rooted_path` and `root_table::open_beneath`.
  outcome<opened_file> open(const std::string& path, int flags) const;

  /// Opens the folder that a file with this path is or would be in, with
  /// O_PATH. Codes: as `open`.
  outcome<opened_folder> open_folder(const std::string& path) const;

private:
  std::shared_ptr<const root_table> roots_; ///< none: everything
};

} // namespace troupe
