#pragma once

#include <map>
#include <string>
#include <vector>

#include "encode/unique_fd.hpp"
#include "messages/member.hpp"
#include "messages/outcome.hpp"
#include "messages/rooted_path.hpp"

namespace troupe {

/// What an attempt to open something came to, short of a refusal.
struct opened_file {
  unique_fd file; ///< none when the system said no
  int error = 0;  ///< the error number that it said so with
};

/// The directories that this node may read and write, by their names. Each is
/// opened once; whatever happens to its path afterwards, the node stays in it.
class root_table {
public:
  /// @param roots directories by the root's name
  /// Codes: bad_config when one isn't there or is no directory.
  static outcome<root_table>
  open(const std::map<std::string, std::string>& roots);

  /// Opens what is beneath the root. The kernel sees to it that no link and no
  /// renaming leads out: what lies outside is refused, also where a link points
  /// back into the root by an absolute path. Codes: outside_roots; not_found
  /// when this node has no such root; internal when the kernel is older than
  /// Linux 5.6.
  /// @param path relative to the root; "." is the root itself
  /// @param flags as of open(2); O_CLOEXEC is added. Nothing can be created.
  outcome<opened_file> open_beneath(const std::string& root,
                                    const std::string& path, int flags) const;

  /// How the roots are now, in the order of their names.
  std::vector<root_status> statuses() const;

private:
  std::map<std::string, unique_fd> directories_;
};

} // namespace troupe
