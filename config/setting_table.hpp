#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_document.hpp"
#include "config/node_settings.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// A mistake in one item of a list.
struct item_mistake {
  config_place where;
  failure what; ///< without a subject
};

/// Where the values of a configuration go while it is read.
struct setting_target {
  node_settings settings;
  /// Of [tls], complete or not.
  tls_settings tls;
  /// Absolute folder that paths count from.
  std::string folder;
  /// Of the value that is being read, so that each item is heard about.
  std::vector<item_mistake> item_mistakes;
};

/// One key of a section.
struct setting {
  std::string_view section;
  std::string_view key;
  /// Puts the value in its place. A refusal has no subject yet.
  outcome<void> (*apply)(const config_value&, setting_target&);
};

/// Every key that has a name of its own. [roots] and [caf] take others.
std::span<const setting> settings_table();

/// The sections that a configuration may have.
const std::vector<std::string_view>& settings_sections();

/// The path as an absolute one: relative ones count from `folder`.
std::string absolute_path(const std::string& folder, const std::string& path);

} // namespace troupe
