#include "nodes/output_pattern.hpp"

#include <array>
#include <utility>

namespace troupe {

namespace {

/// An input in the parts that patterns speak of.
struct input_parts {
  std::string_view dir;
  std::string_view name;
  std::string_view stem;
  std::string_view ext;
};

input_parts parts_of(std::string_view input) {
  input_parts result;
  auto slash = input.rfind('/');
  result.name =
      slash == std::string_view::npos ? input : input.substr(slash + 1);
  // A file right below a root or / has that as its folder.
  if (slash != std::string_view::npos)
    result.dir = input.substr(0, slash);
  result.stem = result.name;
  // ".hidden" is a name, not an extension.
  if (auto point = result.name.rfind('.');
      point != std::string_view::npos && point != 0) {
    result.stem = result.name.substr(0, point);
    result.ext = result.name.substr(point + 1);
  }
  return result;
}

} // namespace

bool names_input(std::string_view pattern) {
  for (std::string_view word : {"{stem}", "{name}", "{dir}"})
    if (pattern.find(word) != std::string_view::npos)
      return true;
  return false;
}

std::string output_for(std::string_view pattern, std::string_view input) {
  auto parts = parts_of(input);
  const std::array<std::pair<std::string_view, std::string_view>, 4> words{
      {{"{name}", parts.name},
       {"{stem}", parts.stem},
       {"{ext}", parts.ext},
       {"{dir}", parts.dir}}};
  std::string result;
  while (!pattern.empty()) {
    bool replaced = false;
    for (const auto& [word, value] : words) {
      if (!pattern.starts_with(word))
        continue;
      result += value;
      pattern.remove_prefix(word.size());
      replaced = true;
      break;
    }
    if (replaced)
      continue;
    result += pattern.front();
    pattern.remove_prefix(1);
  }
  return result;
}

} // namespace troupe
