#pragma once

#include <cstdint>
#include <string>

#include <sys/stat.h>

#include "actors/file_space.hpp"
#include "encode/unique_fd.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// The input of a job: a regular file, opened for reading and never for more.
class source_file {
public:
  /// Never hangs, whatever the path names. Codes: no_input when it can't be
  /// read or is no file, bad_input when it is empty, those of `files`.
  static outcome<source_file> open(const std::string& path,
                                   const file_space& files);

  const std::string& path() const { return path_; }

  int descriptor() const { return file_.get(); }

  /// When it was opened.
  uint64_t size_bytes() const { return static_cast<uint64_t>(found_.st_size); }

  /// True when `other` tells of this very file, by whatever name.
  bool is(const struct stat& other) const;

  /// Fails with input_changed when the file isn't what it was when opened.
  outcome<void> check_unchanged() const;

private:
  source_file(std::string path, unique_fd file, const struct stat& found)
      : path_(std::move(path)), file_(std::move(file)), found_(found) {}

  std::string path_;
  unique_fd file_;
  struct stat found_; ///< when it was opened
};

} // namespace troupe
