#include "config/node_file.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "config/caf_settings.hpp"
#include "config/config_document.hpp"
#include "config/node_checks.hpp"
#include "config/setting_table.hpp"
#include "config/setting_value.hpp"
#include "config/suggestion.hpp"
#include "messages/rooted_path.hpp"

namespace troupe {

namespace {

std::string current_folder() {
  std::error_code error;
  auto folder = std::filesystem::current_path(error);
  return error ? "/" : folder.string();
}

std::string folder_of(const std::string& file) {
  return std::filesystem::path{absolute_path(current_folder(), file)}
      .parent_path()
      .string();
}

bool is_section(std::string_view name) {
  return std::ranges::count(settings_sections(), name) > 0;
}

failure unknown_section(const std::string& name) {
  failure result{ec::bad_config, "", "is an unknown section", ""};
  if (auto near = nearest(name, settings_sections()); !near.empty()) {
    result.advice = "did you mean [" + std::string{near} + "]?";
  } else {
    result.advice = "allowed are";
    for (auto known : settings_sections())
      result.advice += " [" + std::string{known} + "]";
  }
  return result;
}

failure unknown_key(const config_entry& entry) {
  failure result{ec::bad_config, "", "is an unknown key", ""};
  std::vector<std::string_view> here;
  for (const auto& row : settings_table()) {
    if (row.section == entry.section)
      here.push_back(row.key);
    else if (row.key == entry.key)
      result.advice = "it belongs into [" + std::string{row.section} + "]";
  }
  if (auto near = nearest(entry.key, here); !near.empty())
    result.advice = "did you mean \"" + std::string{near} + "\"?";
  if (!result.advice.empty())
    return result;
  result.advice = "allowed are";
  for (auto key : here)
    result.advice += (key == here.front() ? " " : ", ") + std::string{key};
  return result;
}

/// Collects settings and mistakes from one file and several overrides.
class node_reader {
public:
  explicit node_reader(std::string file) : file_(std::move(file)) {}

  void read_file() {
    target_.folder = folder_of(file_);
    auto document = read_config_file(file_);
    if (!document) {
      unreadable_ = true;
      mistakes_.push_back({{file_}, document.error()});
      return;
    }
    for (const auto& section : document->sections) {
      places_.emplace(section.name, section.where);
      if (!is_section(section.name))
        complain(section.where, "[" + section.name + "]",
                 unknown_section(section.name));
    }
    for (const auto& entry : document->entries)
      if (entry.section.empty() || is_section(entry.section))
        apply(entry);
  }

  void override_with(const std::string& text) {
    target_.folder = current_folder();
    auto entry = parse_override(text);
    if (!entry) {
      mistakes_.push_back({{"--set"}, entry.error()});
      return;
    }
    places_.emplace(entry->section, entry->value.where);
    if (is_section(entry->section))
      apply(*entry);
    else
      complain(entry->value.where, "[" + entry->section + "]",
               unknown_section(entry->section));
  }

  node_reading finish(config_checks checks) {
    node_reading result;
    if (!unreadable_) {
      complete();
      check(checks, result);
    }
    std::ranges::stable_sort(mistakes_, {}, [](const auto& x) {
      return x.first.source == "--set" ? UINT32_MAX : x.first.line;
    });
    for (auto& [place, error] : mistakes_)
      result.mistakes.push_back(std::move(error));
    result.settings = std::move(target_.settings);
    return result;
  }

private:
  void complain(const config_place& where, const std::string& key,
                failure what) {
    auto place = to_string(where);
    what.subject = place.empty() ? key : place + ": " + key;
    mistakes_.push_back({where, std::move(what)});
  }

  void apply(const config_entry& entry) {
    const auto& where = entry.value.where;
    if (entry.section.empty())
      return complain(where, entry.key, outside(entry));
    auto key = entry.section + '.' + entry.key;
    places_.insert_or_assign(key, where);
    target_.item_mistakes.clear();
    if (auto applied = put(entry); !applied)
      complain(where, key, applied.error());
    for (auto& [place, what] : target_.item_mistakes) {
      bad_items_.insert(key);
      complain(place, key, std::move(what));
    }
  }

  static failure outside(const config_entry& entry) {
    if (is_section(entry.key))
      return refuse_value(entry.value, "[" + entry.key
                                           + "] on its own line "
                                             "and the keys below it");
    auto error = unknown_key(entry);
    error.cause = "stands outside of all sections";
    return error;
  }

  outcome<void> put(const config_entry& entry) {
    if (entry.section == "roots")
      return put_root(entry);
    if (entry.section == "caf")
      return put_caf(entry);
    for (const auto& row : settings_table())
      if (row.section == entry.section && row.key == entry.key)
        return row.apply(entry.value, target_);
    return unknown_key(entry);
  }

  outcome<void> put_root(const config_entry& entry) {
    if (!is_root_name(entry.key))
      return failure{ec::bad_config, "", "is no name for a root",
                     "allowed are 1 to 64 letters, digits, '-', '_' and '.'"};
    auto path = read_text(entry.value, "the path of a folder");
    if (!path)
      return path.error();
    if (path->find('\0') != std::string::npos)
      return refuse_value(entry.value, "the path of a folder");
    target_.settings.roots[entry.key] = absolute_path(target_.folder, *path);
    return {};
  }

  outcome<void> put_caf(const config_entry& entry) {
    auto pair = read_caf_setting(entry.key, entry.value);
    if (!pair)
      return pair.error();
    auto& pairs = target_.settings.caf;
    std::erase_if(pairs, [&](const auto& x) { return x.first == entry.key; });
    pairs.push_back(std::move(*pair));
    return {};
  }

  /// Fills in what depends on several settings.
  void complete() {
    auto& settings = target_.settings;
    if (settings.advertise && settings.advertise->port == 0)
      settings.advertise->port = settings.port;
    const auto& tls = target_.tls;
    if (!tls.certificate.empty() && !tls.key.empty() && !tls.ca.empty())
      settings.tls = tls;
  }

  void check(config_checks checks, node_reading& result) {
    auto said = [this](std::string_view key) {
      return places_.contains(std::string{key});
    };
    for (auto& error : check_together(target_, said))
      // Who wrote nothing but wrong seeds knows by now.
      if (!bad_items_.contains(error.subject))
        complain_about_setting(std::move(error));
    if (checks != config_checks::disk)
      return;
    auto found =
        check_on_disk(target_.settings, std::chrono::system_clock::now());
    for (auto& error : found.mistakes)
      complain_about_setting(std::move(error));
    result.warnings = std::move(found.warnings);
  }

  /// The subject is the key so far.
  void complain_about_setting(failure error) {
    auto key = error.subject;
    auto place = places_.find(key);
    // What is missing is missing in its section.
    if (place == places_.end())
      place = places_.find(key.substr(0, key.find('.')));
    if (place != places_.end() && place->second.line == 0
        && place->first != key)
      place = places_.end();
    complain(place != places_.end() ? place->second : config_place{file_}, key,
             std::move(error));
  }

  std::string file_;
  bool unreadable_ = false;
  setting_target target_;
  /// Where "section.key" and "section" were said.
  std::map<std::string, config_place> places_;
  /// Keys of lists that have wrong items.
  std::set<std::string> bad_items_;
  std::vector<std::pair<config_place, failure>> mistakes_;
};

} // namespace

node_reading read_node_file(const std::string& file,
                            const std::vector<std::string>& overrides,
                            config_checks checks) {
  node_reader reader{file};
  if (!file.empty())
    reader.read_file();
  for (const auto& text : overrides)
    reader.override_with(text);
  return reader.finish(checks);
}

} // namespace troupe
