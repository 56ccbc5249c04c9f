#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "encode/unique_fd.hpp"
#include "tests/simulation/history.hpp"

namespace troupe::simulation {

/// The folder that all nodes write their results to, under watch: what appears
/// under a final name, and what happens to it then.
class output_folder {
public:
  /// @param path of an existing folder
  output_folder(std::string path, history& told);

  const std::string& path() const { return path_; }

  /// Looks what happened since the last time.
  void look();

  /// A process is about to be killed, and its destructors will run, which they
  /// wouldn't: what it had written is put aside and brought back.
  void before_kill();
  void after_kill();

  /// How often a file appeared under this name.
  uint32_t published(const std::string& name) const;

  /// Names that are there.
  std::set<std::string> names() const;

  /// The bytes of a file.
  std::string read(const std::string& name) const;

private:
  void happened(const std::string& name, uint32_t what);

  std::string path_;
  std::string aside_;
  history& told_;
  unique_fd watch_;
  bool ignores_ = false;
  std::map<std::string, uint32_t> published_;
  std::map<std::string, std::string> contents_; ///< when they appeared
};

/// True for the name of a file that isn't finished.
bool is_partial(const std::string& name);

} // namespace troupe::simulation
