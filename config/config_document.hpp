#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "messages/outcome.hpp"

namespace troupe {

/// A value of a kind that no setting has: a date, a table where a value
/// belongs.
struct other_value {
  std::string what; ///< "a date"
};

/// Where something was said.
struct config_place {
  std::string source; ///< the file, or "--set"
  uint32_t line = 0;  ///< in the file; 0 when there is none
};

/// "FILE:LINE", or the source alone.
std::string to_string(const config_place& place);

/// A value as it was written, and where.
struct config_value {
  using list = std::vector<config_value>;

  config_place where;
  std::variant<std::string, int64_t, double, bool, list, other_value> content;
  /// What was typed, unless in quotes: `--set node.name=7` means a text.
  std::optional<std::string> typed = std::nullopt;
};

/// One setting: `key` of `section`. A key below a key is joined with points.
struct config_entry {
  std::string section; ///< "" when it stands before the first section
  std::string key;
  config_value value;
};

/// A section's title.
struct config_section {
  std::string name;
  config_place where;
};

/// A configuration, flat, in the order of its lines.
struct config_document {
  std::vector<config_section> sections;
  std::vector<config_entry> entries;
};

/// Reads a file in TOML format. Codes: bad_config when it isn't there, can't be
/// read, is empty, too big or no TOML; the file and the line are the subject.
outcome<config_document> read_config_file(const std::string& path);

/// Reads TOML that came from `path`, which is only named in errors.
outcome<config_document> parse_config(const std::string& path,
                                      std::string_view text);

/// Reads what `--set` was given: "section.key=value". The value may be written
/// as in TOML; texts need no quotes, and lists may be separated by commas.
/// Code: bad_config.
outcome<config_entry> parse_override(std::string_view text);

/// The value as a mistake shows it: "\"abc\"", "12", "a list".
std::string describe(const config_value& value);

} // namespace troupe
