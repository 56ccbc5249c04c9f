#pragma once

#include <string>

#include <sys/stat.h>

#include "encode/unique_fd.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// The input of a job: a regular file, opened for reading and never for more.
class source_file {
public:
  /// Never hangs, whatever the path names. Codes: no_input when it can't be
  /// read or is no file, bad_input when it is empty.
  static outcome<source_file> open(const std::string& path);

  const std::string& path() const { return path_; }

  int descriptor() const { return file_.get(); }

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
