#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/file_space.hpp"
#include "actors/leftovers.hpp"
#include "actors/output_partial.hpp"
#include "actors/source_file.hpp"
#include "messages/outcome.hpp"
#include "messages/task.hpp"

namespace troupe {

/// The outputs of one attempt: written under names of the attempt's own beside
/// the final ones, and published all or none. What isn't published is unlinked
/// with the object.
class output_files {
public:
  /// Sees to it that the task's outputs could be made, without making anything.
  /// Codes: impossible_job when one is the source itself, output_exists,
  /// cannot_create, those of `files`.
  static outcome<void> check(const task_spec& task, const source_file& source,
                             const file_space& files);

  /// Checks, sees whether there is room, then creates an empty file for each
  /// output. Codes also: disk_full.
  /// @param noted where the files are noted while they are there; may be none
  static outcome<output_files>
  create(const task_spec& task, const source_file& source,
         const file_space& files, std::shared_ptr<leftovers> noted = nullptr);

  output_files(output_files&&) = default;
  output_files& operator=(output_files&&) = delete;
  ~output_files();

  /// One per path, in their order, for reading and writing. They stay owned.
  std::vector<int> descriptors() const;

  /// Bytes that the file with this index has now.
  uint64_t size_bytes(size_t index) const;

  /// Gives the files their final names, durably. Without `replace` it never
  /// takes the place of a file, even one that appeared a moment ago, unless the
  /// grant leaves it in doubt whose that is and it has the same bytes. When one
  /// fails, those already published are taken back. Codes: as `create`, and
  /// io_error.
  /// @param before called before each operation on the disk
  outcome<void> publish(
      const publish_grant& grant, const source_file& source,
      const output_partial::step& before = [] {});

private:
  explicit output_files(const task_spec& task,
                        std::shared_ptr<leftovers> noted);

  outcome<void> place_all(const placing_rules& rules, const source_file& source,
                          const output_partial::step& before);

  bool replace_;
  std::vector<output_partial> files_;
  std::shared_ptr<leftovers> noted_; ///< none: in moved ones, and if not wanted
  std::vector<std::string> paths_;   ///< of the partial files
};

} // namespace troupe
