#pragma once

#include <string>

#include "encode/unique_fd.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// A node's folder for what must survive a restart. As long as it is held, no
/// other process can hold it: two coordinators on one journal would be the end
/// of it.
class data_dir {
public:
  /// Makes the folder, for this user alone, if it isn't there. conflict when
  /// another process holds it, cannot_create when it can't be used.
  static outcome<data_dir> open(const std::string& path);

  /// The path of a file in it.
  std::string file(const std::string& name) const;

private:
  data_dir(std::string path, unique_fd lock);

  std::string path_;
  unique_fd lock_;
};

} // namespace troupe
