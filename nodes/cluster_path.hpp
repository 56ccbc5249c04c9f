#pragma once

#include <map>
#include <string>

#include "messages/outcome.hpp"

namespace troupe {

/// Directories of this machine by the name of their root.
using local_roots = std::map<std::string, std::string>;

/// A path as the cluster's nodes know it. `root:/path` stays as it is; a local
/// path is translated when it lies beneath one of `roots`, links in its folders
/// followed. The file itself need not exist.
/// Codes: outside_roots when it is beneath none, with what can be done; usage
/// for what is no path.
/// @param option what is to be named as the refusal's subject
outcome<std::string> to_cluster_path(const std::string& option,
                                     const std::string& path,
                                     const local_roots& roots);

} // namespace troupe
