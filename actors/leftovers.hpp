#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "actors/file_space.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// The partial files that this node is writing, in a file of its data folder: a
/// node that was killed finds there, when it starts again, what it left behind.
/// What other nodes left behind is not in it.
///
/// Entries are written before the files are made and taken out when they are
/// gone. They aren't forced to disk: after a power cut a partial file may stay.
/// All calls may come from any thread.
class leftovers {
public:
  /// More entries than a node has outputs in work; a file with more is cut.
  static constexpr size_t most_entries = 10'000;

  /// Reads what an earlier run of this node noted; nothing where there is no
  /// such file. Codes: io_error when it can't be read.
  /// @param file in a folder that is there
  static outcome<std::shared_ptr<leftovers>> open(const std::string& file);

  leftovers(const leftovers&) = delete;
  leftovers& operator=(const leftovers&) = delete;

  /// Unlinks what an earlier run left behind and notes that it is gone. Touches
  /// nothing whose name isn't that of a partial file, and nothing outside of
  /// `files`. To be called before the node writes anything. Returns how many
  /// files are gone.
  size_t sweep(const file_space& files);

  /// Notes that these files may be there from now on. When that can't be
  /// written down there is a line in the log: work goes on.
  void add(const std::vector<std::string>& paths);

  /// Notes that these files are gone.
  void remove(const std::vector<std::string>& paths);

  /// What is noted now, by path.
  std::set<std::string> entries() const;

private:
  explicit leftovers(std::string file) : file_(std::move(file)) {}

  void save();

  std::string file_;
  mutable std::mutex mutex_;
  std::set<std::string> entries_;
};

} // namespace troupe
