#pragma once

#include <string>
#include <utility>

#include "config/config_document.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// Takes one pair of [caf]: one of those that CAF 0.17 knows and that neither
/// undo its security nor its detection of failures. CAF itself would overlook
/// an unknown key or a value of the wrong type.
/// @returns key and value in the syntax of CAF's own configuration, as
///          `caf::config_value::parse` reads it. A refusal has no subject.
outcome<std::pair<std::string, std::string>>
read_caf_setting(const std::string& key, const config_value& value);

} // namespace troupe
