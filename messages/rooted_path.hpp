#pragma once

#include <map>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace troupe {

/// A file beneath a root, as jobs of a cluster name it: "media:/shows/a.mkv".
/// What root is which directory is each node's own affair.
struct rooted_path {
  std::string root;
  /// Relative to the root, in normal form: "shows/a.mkv". Never empty, without
  /// "." and "..", empty parts and a slash at either end.
  std::string path;

  friend auto operator<=>(const rooted_path&, const rooted_path&) = default;
};

/// "media:/shows/a.mkv".
std::string to_string(const rooted_path& x);

/// True for 1 to 64 letters, digits, '-', '_' and '.'.
bool is_root_name(std::string_view text);

/// Reads "ROOT:/PATH", where "//" and "/./" count as one slash. Says nothing
/// about whether a node has that root. Codes: outside_roots when no root is
/// named or ".." is part of the path; usage when no file is named, for NUL
/// bytes, and for more bytes than file systems take.
outcome<rooted_path> parse_rooted_path(std::string_view text);

/// The name that a local file has beneath one of these roots; the innermost
/// one, where roots lie in each other. Looks at the words only: who wants links
/// to be followed does that first.
/// @param path absolute
/// @param roots absolute directories by the root's name
/// Codes: as `parse_rooted_path`; outside_roots when it is under none of them.
outcome<rooted_path> to_rooted(std::string_view path,
                               const std::map<std::string, std::string>& roots);

} // namespace troupe
