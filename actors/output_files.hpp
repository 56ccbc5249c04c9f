#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/output_target.hpp"
#include "actors/source_file.hpp"
#include "encode/unique_fd.hpp"
#include "messages/ids.hpp"
#include "messages/outcome.hpp"
#include "messages/task.hpp"

namespace troupe {

/// The outputs of one attempt: written under names of the attempt's own beside
/// the final ones, and published all or none. What isn't published is unlinked
/// with the object.
class output_files {
public:
  /// Sees to it that the outputs could be made, without making anything.
  /// Codes: impossible_job when one is the source itself, output_exists,
  /// cannot_create.
  static outcome<void> check(const std::vector<std::string>& paths,
                             bool replace, const source_file& source);

  /// Checks, then creates an empty file for each path, named
  /// `.NAME.JOB-ATTEMPT.partial`. Codes also: disk_full.
  static outcome<output_files> create(const std::vector<std::string>& paths,
                                      bool replace, const source_file& source,
                                      const attempt_id& attempt);

  output_files(output_files&&) = default;
  output_files& operator=(output_files&&) = delete;
  ~output_files();

  /// One per path, in their order, for reading and writing. They stay owned.
  std::vector<int> descriptors() const;

  /// Bytes that the file with this index has now.
  uint64_t size_bytes(size_t index) const;

  /// Gives the files their final names, durably. Without `replace` it never
  /// takes the place of a file, even one that appeared a moment ago. When one
  /// fails, those already published are taken back. Codes: as `check`, and
  /// io_error.
  outcome<void> publish(const publish_grant& grant, const source_file& source);

private:
  enum class standing {
    partial,   ///< under its own name
    moved,     ///< under its final name, which was free or is lost
    exchanged, ///< under its final name; what was there has the partial one
  };

  struct file {
    output_target target;
    std::string partial_name;
    unique_fd descriptor;
    standing where = standing::partial;
  };

  explicit output_files(bool replace) : replace_(replace) {}

  outcome<void> add(const std::string& path, const source_file& source,
                    const attempt_id& attempt);
  outcome<void> put_in_place(file& x, const source_file& source);
  static void take_back(file& x);

  bool replace_;
  std::vector<file> files_;
};

} // namespace troupe
