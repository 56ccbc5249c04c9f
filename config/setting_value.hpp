#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_document.hpp"
#include "messages/outcome.hpp"

/// Reads values as the kinds that settings have. A refusal has code bad_config,
/// no subject yet, what was found, and what is allowed.
namespace troupe {

/// What is allowed, where a value is something else.
failure refuse_value(const config_value& found, std::string_view allowed);

/// A text that isn't empty.
outcome<std::string> read_text(const config_value& value,
                               std::string_view allowed);

/// A whole number between `low` and `high`, both included.
outcome<int64_t> read_integer(const config_value& value, int64_t low,
                              int64_t high);

/// Bytes: "4GB", or their number.
outcome<uint64_t> read_size(const config_value& value);

/// Seconds from `low` to `high`: "5m", or their number.
outcome<double> read_duration(const config_value& value, double low,
                              double high);

/// A list of texts. Each keeps its own place.
outcome<config_value::list> read_list(const config_value& value,
                                      std::string_view allowed);

/// The position of one of the words.
outcome<size_t> read_word(const config_value& value,
                          const std::vector<std::string_view>& words);

} // namespace troupe
