#pragma once

#include <string>
#include <vector>

#include "config/node_settings.hpp"
#include "messages/failure.hpp"

namespace troupe {

/// What of a configuration is looked at.
enum class config_checks : uint8_t {
  text = 1, ///< what is written: enough for a client
  disk = 2, ///< also whether its folders and certificates are there and usable
};

/// What came of reading a node's settings.
struct node_reading {
  node_settings settings; ///< only to be used when there are no mistakes
  /// Every mistake, in the order of the file: code bad_config or
  /// bad_certificate, "FILE:LINE: section.key" as subject, what was found, what
  /// is allowed.
  std::vector<failure> mistakes;
  /// What works and will not for long, for people.
  std::vector<std::string> warnings;
};

/// Reads a node's TOML file, and then `--set`'s values over it. Paths in the
/// file count from the file's folder, those of `--set` from the current one.
/// @param file "" for none: then everything comes from `overrides`
/// @param overrides "section.key=value", the value as in TOML, where texts need
///        no quotes and lists may be separated by commas
node_reading read_node_file(const std::string& file,
                            const std::vector<std::string>& overrides,
                            config_checks checks);

} // namespace troupe
