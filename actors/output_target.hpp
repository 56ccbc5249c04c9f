#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "actors/file_space.hpp"
#include "actors/source_file.hpp"
#include "encode/unique_fd.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// The place where an output is to appear. Its folder is opened once, so that
/// nobody can put another in its place between the checks and the renaming.
class output_target {
public:
  /// Opens the folder and sees whether an output could be made there. Codes:
  /// impossible_job when `path` is the source itself, output_exists when
  /// something is there and `may_exist` is false, cannot_create, those of
  /// `files`.
  static outcome<output_target> open(const std::string& path, bool may_exist,
                                     const source_file& source,
                                     const file_space& files);

  const std::string& path() const { return path_; }

  /// The last part of the path.
  const std::string& name() const { return name_; }

  int folder() const { return folder_.get(); }

  /// Sees whether the name is free, or has a file that could be replaced.
  outcome<void> check_free(bool may_exist, const source_file& source) const;

  /// Bytes that can still be written there; nothing when not known.
  std::optional<uint64_t> free_bytes() const;

  /// Makes the names in the folder durable.
  outcome<void> sync() const;

private:
  output_target(std::string path, std::string name, unique_fd folder)
      : path_(std::move(path)), name_(std::move(name)),
        folder_(std::move(folder)) {}

  std::string path_;
  std::string name_;
  unique_fd folder_;
};

} // namespace troupe
