#include "config/config_document.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include <sys/stat.h>
#include <toml++/toml.h>

namespace troupe {

namespace {

/// Far beyond any configuration; whoever names a film by mistake need not wait.
constexpr size_t most_bytes = size_t{1} << 20;

failure refuse(std::string subject, std::string cause, std::string advice) {
  return {ec::bad_config, std::move(subject), std::move(cause),
          std::move(advice)};
}

config_place place(const std::string& path, const toml::source_region& source) {
  return {path, static_cast<uint32_t>(source.begin.line)};
}

config_value convert(const std::string& path, const toml::node& node) {
  config_value result;
  result.where = place(path, node.source());
  if (auto text = node.as_string())
    result.content = text->get();
  else if (auto integer = node.as_integer())
    result.content = integer->get();
  else if (auto number = node.as_floating_point())
    result.content = number->get();
  else if (auto flag = node.as_boolean())
    result.content = flag->get();
  else if (auto array = node.as_array()) {
    config_value::list items;
    for (const auto& item : *array)
      items.push_back(convert(path, item));
    result.content = std::move(items);
  } else {
    result.content = other_value{node.is_table() ? "a table" : "a date"};
  }
  return result;
}

/// Flattens what stands in a section.
class section_reader {
public:
  section_reader(const std::string& path, std::string section,
                 config_document& to)
      : path_(path), section_(std::move(section)), to_(to) {}

  void read(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      auto name = prefix + std::string{key.str()};
      if (auto below = node.as_table(); below && !below->empty())
        read(*below, name + '.');
      else
        to_.entries.push_back({section_, name, convert(path_, node)});
    }
  }

private:
  const std::string& path_;
  std::string section_;
  config_document& to_;
};

config_document flatten(const std::string& path, const toml::table& root) {
  config_document result;
  for (const auto& [key, node] : root) {
    std::string name{key.str()};
    if (auto table = node.as_table()) {
      result.sections.push_back({name, place(path, table->source())});
      section_reader{path, name, result}.read(*table, "");
    } else {
      result.entries.push_back({"", name, convert(path, node)});
    }
  }
  // toml++ keeps tables ordered by name; people read by line.
  auto by_line = [](const auto& x) { return x.value.where.line; };
  std::ranges::stable_sort(result.entries, {}, by_line);
  return result;
}

/// The value of an override, as far as it is TOML.
std::optional<config_value> parse_toml_value(const std::string& text) {
  try {
    auto table = toml::parse("x = " + text);
    auto node = table.get("x");
    // A line end would begin another setting.
    if (node && table.size() == 1)
      return convert("", *node);
  } catch (const toml::parse_error&) {
    // Then it is a text that needs no quotes.
  }
  return std::nullopt;
}

config_value parse_typed_value(const std::string& text) {
  auto result = parse_toml_value(text).value_or(config_value{{}, text});
  auto quoted = std::holds_alternative<std::string>(result.content)
                && std::get<std::string>(result.content) != text;
  if (!quoted)
    result.typed = text;
  result.where = {"--set"};
  if (auto items = std::get_if<config_value::list>(&result.content))
    for (auto& item : *items)
      item.where = {"--set"};
  return result;
}

bool is_bare_key(std::string_view text) {
  return !text.empty()
         && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
                == std::string_view::npos;
}

struct describe_visitor {
  std::string operator()(const std::string& x) const { return '"' + x + '"'; }
  std::string operator()(int64_t x) const { return std::to_string(x); }
  std::string operator()(double x) const {
    auto text = std::to_string(x);
    // "2.500000" helps nobody.
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text + '0' : text;
  }
  std::string operator()(bool x) const { return x ? "true" : "false"; }
  std::string operator()(const config_value::list&) const { return "a list"; }
  std::string operator()(const other_value& x) const { return x.what; }
};

} // namespace

std::string to_string(const config_place& place) {
  if (place.line == 0)
    return place.source;
  return place.source + ':' + std::to_string(place.line);
}

outcome<config_document> read_config_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    return refuse(path, std::strerror(errno),
                  "give the path of a node's configuration");
  if (!S_ISREG(about.st_mode))
    return refuse(path, "is no file",
                  "give the path of a node's configuration");
  if (static_cast<uint64_t>(about.st_size) > most_bytes)
    return refuse(path, "has " + std::to_string(about.st_size) + " bytes",
                  "allowed is 1 MiB; is it a configuration?");
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file)
    return refuse(path, std::string{"cannot be read: "} + std::strerror(errno),
                  "check the rights of the file");
  return parse_config(path, text);
}

outcome<config_document> parse_config(const std::string& path,
                                      std::string_view text) {
  try {
    auto root = toml::parse(text, path);
    if (root.empty())
      return refuse(path, "says nothing",
                    "a node needs at least [node] with its name");
    return flatten(path, root);
  } catch (const toml::parse_error& error) {
    return refuse(to_string(place(path, error.source())),
                  "is no TOML: " + std::string{error.description()},
                  "see the examples in config/");
  }
}

outcome<config_entry> parse_override(std::string_view text) {
  auto equals = text.find('=');
  auto name = text.substr(0, equals);
  auto point = name.find('.');
  if (equals == std::string_view::npos || point == std::string_view::npos
      || point == 0 || point + 1 == name.size() || !is_bare_key(name))
    return refuse("--set", "\"" + std::string{text} + "\" sets nothing",
                  "allowed is section.key=value, such as node.slots=2");
  return config_entry{std::string{name.substr(0, point)},
                      std::string{name.substr(point + 1)},
                      parse_typed_value(std::string{text.substr(equals + 1)})};
}

std::string describe(const config_value& value) {
  return std::visit(describe_visitor{}, value.content);
}

} // namespace troupe
