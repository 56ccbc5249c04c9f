#include "nodes/cluster_path.hpp"

#include <filesystem>
#include <system_error>

#include "messages/rooted_path.hpp"

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// True for what is meant as ROOT:/PATH, whether or not it is a good one.
bool names_root(const std::string& path) {
  auto colon = path.find(":/");
  return colon != std::string::npos
         && is_root_name(std::string_view{path}.substr(0, colon));
}

/// Absolute and without links as far as the path exists.
fs::path real_path(const fs::path& path) {
  std::error_code error;
  auto result = fs::weakly_canonical(path, error);
  // Folders that can't be looked into: then the words have to do.
  if (error)
    result = fs::absolute(path, error).lexically_normal();
  return result;
}

std::string list_of(const local_roots& roots) {
  std::string result;
  for (const auto& [name, directory] : roots)
    result += (result.empty() ? "" : ", ") + name + " = " + directory;
  return result;
}

} // namespace

outcome<std::string> to_cluster_path(const std::string& option,
                                     const std::string& path,
                                     const local_roots& roots) {
  auto named = [&](failure why) {
    why.subject = option + ' ' + path;
    return why;
  };
  if (names_root(path)) {
    auto rooted = parse_rooted_path(path);
    return rooted ? outcome<std::string>{to_string(*rooted)}
                  : named(rooted.error());
  }
  if (path.empty())
    return failure{ec::usage, option, "is empty", "name a file"};
  if (roots.empty())
    return failure{ec::outside_roots, option + ' ' + path,
                   "nodes know files as root:/path only, and no roots of this "
                   "machine are known",
                   "say root:/path, or name this machine's node file with "
                   "--config"};
  local_roots real;
  for (const auto& [name, directory] : roots)
    real.emplace(name, real_path(directory).string());
  std::error_code error;
  auto file = fs::absolute(path, error);
  if (error)
    return failure{ec::no_input, option + ' ' + path, error.message(),
                   "go to a folder that exists"};
  // The file's own name isn't followed: a link beneath a root is that link.
  auto absolute = real_path(file.parent_path()) / file.filename();
  if (auto rooted = to_rooted(absolute.string(), real))
    return to_string(*rooted);
  return failure{ec::outside_roots, option + ' ' + path,
                 "it lies beneath none of this machine's roots: "
                     + list_of(roots),
                 "move it there, or add its folder to [roots] of the node's "
                 "file"};
}

} // namespace troupe
