#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace troupe {

/// Which file something is, by whatever name.
struct file_identity {
  dev_t device = 0;
  ino_t node = 0;

  friend bool operator==(const file_identity&, const file_identity&) = default;
};

/// Which file the name in the folder is; links aren't followed. Nothing when it
/// is none.
std::optional<file_identity> identity_of(int folder, const std::string& name);

/// Compares a regular file in a folder with an open one, byte by byte. Returns
/// which file it is; nothing when it differs, isn't there or can't be read.
/// @param file readable; its position doesn't matter
std::optional<file_identity> same_content(int folder, const std::string& name,
                                          int file);

} // namespace troupe
