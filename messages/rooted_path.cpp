#include "messages/rooted_path.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace troupe {

namespace {

using parts = std::vector<std::string_view>;

constexpr size_t most_name_bytes = 64;
/// PATH_MAX and NAME_MAX of Linux.
constexpr size_t most_path_bytes = 4096;
constexpr size_t most_part_bytes = 255;

failure usage(std::string_view subject, std::string cause, std::string advice) {
  return {ec::usage, std::string{subject}, std::move(cause), std::move(advice)};
}

failure outside(std::string_view subject, std::string cause) {
  return {ec::outside_roots, std::string{subject}, std::move(cause),
          "name a file as ROOT:/PATH; nodes have their roots from [roots]"};
}

/// The parts between slashes that say something.
parts split(std::string_view path) {
  parts result;
  while (!path.empty()) {
    auto part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (!part.empty() && part != ".")
      result.push_back(part);
  }
  return result;
}

/// As `split`, with ".." taken as a step back; the root is its own parent.
parts split_absolute(std::string_view path) {
  parts result;
  for (auto part : split(path))
    if (part != "..")
      result.push_back(part);
    else if (!result.empty())
      result.pop_back();
  return result;
}

std::string joined(parts::const_iterator first, parts::const_iterator last) {
  std::string result;
  for (; first != last; ++first)
    (result += result.empty() ? "" : "/") += *first;
  return result;
}

outcome<void> check_words(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return usage("path", "it has a NUL byte in it", "take that out");
  if (text.size() > most_path_bytes)
    return usage("path", "it is longer than 4096 bytes", "shorten it");
  return {};
}

outcome<void> check_parts(std::string_view text, const parts& path) {
  if (path.empty() || text.ends_with('/') || text.ends_with("/."))
    return usage(text, "it names a folder", "name a file in it");
  for (auto part : path) {
    if (part == "..")
      return outside(text, "\"..\" is no part of such a path");
    if (part.size() > most_part_bytes)
      return usage(text, "a part of it is longer than 255 bytes", "shorten it");
  }
  return {};
}

} // namespace

std::string to_string(const rooted_path& x) {
  return x.root + ":/" + x.path;
}

bool is_root_name(std::string_view text) {
  // Not isalnum: what is a letter must not depend on the locale.
  return !text.empty() && text.size() <= most_name_bytes
         && std::ranges::all_of(text, [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '-' || c == '_'
                     || c == '.';
            });
}

outcome<rooted_path> parse_rooted_path(std::string_view text) {
  if (auto fine = check_words(text); !fine)
    return fine.error();
  auto colon = text.find(":/");
  if (colon == std::string_view::npos || !is_root_name(text.substr(0, colon)))
    return outside(text, "it names no root");
  auto path = split(text.substr(colon + 2));
  if (auto fine = check_parts(text, path); !fine)
    return fine.error();
  return rooted_path{std::string{text.substr(0, colon)},
                     joined(path.begin(), path.end())};
}

outcome<rooted_path>
to_rooted(std::string_view path,
          const std::map<std::string, std::string>& roots) {
  if (auto fine = check_words(path); !fine)
    return fine.error();
  if (!path.starts_with('/'))
    return usage(path, "it is no absolute path", "name it from / on");
  auto wanted = split_absolute(path);
  if (auto fine = check_parts(path, wanted); !fine)
    return fine.error();
  std::optional<rooted_path> best;
  size_t deepest = 0;
  for (const auto& [name, directory] : roots) {
    auto root = split_absolute(directory);
    if (root.size() >= wanted.size()
        || !std::equal(root.begin(), root.end(), wanted.begin())
        || (best && root.size() <= deepest))
      continue;
    deepest = root.size();
    auto below = wanted.begin() + static_cast<parts::difference_type>(deepest);
    best = rooted_path{name, joined(below, wanted.end())};
  }
  if (!best)
    return outside(path, "it is under no root");
  return *best;
}

} // namespace troupe
