#include "config/setting_value.hpp"

#include <algorithm>

#include "config/quantities.hpp"
#include "config/suggestion.hpp"

namespace troupe {

namespace {

/// A quantity as `parse` reads it; a bare number is one without a unit.
template <class T, class Parse>
outcome<T> read_quantity(const config_value& value, Parse parse,
                         std::string_view allowed) {
  std::string text;
  if (auto written = std::get_if<std::string>(&value.content))
    text = *written;
  else if (std::holds_alternative<int64_t>(value.content)
           || std::holds_alternative<double>(value.content))
    text = describe(value);
  else
    return refuse_value(value, allowed);
  outcome<T> result = parse("", text);
  if (result)
    return result;
  return failure{ec::bad_config, "", "found " + describe(value),
                 result.error().advice};
}

/// "a, b, c" without the blanks around the parts.
config_value::list split(const config_value& value, std::string_view text) {
  config_value::list result;
  while (true) {
    auto comma = text.find(',');
    auto part = text.substr(0, comma);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    part = part.substr(0, part.find_last_not_of(' ') + 1);
    result.push_back({value.where, std::string{part}});
    if (comma == std::string_view::npos)
      return result;
    text.remove_prefix(comma + 1);
  }
}

std::string join(const std::vector<std::string_view>& words) {
  std::string result;
  for (auto word : words) {
    if (!result.empty())
      result += ", ";
    result += word;
  }
  return result;
}

} // namespace

failure refuse_value(const config_value& found, std::string_view allowed) {
  return {ec::bad_config, "", "found " + describe(found),
          "allowed is " + std::string{allowed}};
}

outcome<std::string> read_text(const config_value& value,
                               std::string_view allowed) {
  auto written = std::get_if<std::string>(&value.content);
  auto text = value.typed ? *value.typed : written ? *written : "";
  if (text.empty())
    return refuse_value(value, allowed);
  return text;
}

outcome<int64_t> read_integer(const config_value& value, int64_t low,
                              int64_t high) {
  auto number = std::get_if<int64_t>(&value.content);
  if (number && *number >= low && *number <= high)
    return *number;
  return refuse_value(value, "a whole number of " + std::to_string(low) + " to "
                                 + std::to_string(high));
}

outcome<uint64_t> read_size(const config_value& value) {
  return read_quantity<uint64_t>(value, parse_size,
                                 "a size such as \"4GB\" or \"500MiB\"");
}

outcome<double> read_duration(const config_value& value, double low,
                              double high) {
  auto result = read_quantity<double>(value, parse_duration,
                                      "a duration such as \"90s\" or \"5m\"");
  if (!result || (*result >= low && *result <= high))
    return result;
  auto whole = [](double x) { return std::to_string(static_cast<int64_t>(x)); };
  return refuse_value(value, whole(low) + " to " + whole(high) + " seconds");
}

outcome<config_value::list> read_list(const config_value& value,
                                      std::string_view allowed) {
  if (auto items = std::get_if<config_value::list>(&value.content))
    return *items;
  if (value.typed && !value.typed->empty())
    return split(value, *value.typed);
  return refuse_value(value, allowed);
}

outcome<size_t> read_word(const config_value& value,
                          const std::vector<std::string_view>& words) {
  auto text = read_text(value, join(words));
  if (!text)
    return text.error();
  if (auto found = std::ranges::find(words, *text); found != words.end())
    return static_cast<size_t>(found - words.begin());
  auto error = refuse_value(value, join(words));
  if (auto near = nearest(*text, words); !near.empty())
    error.advice += "; did you mean \"" + std::string{near} + "\"?";
  return error;
}

} // namespace troupe
