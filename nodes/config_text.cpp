#include "nodes/config_text.hpp"

namespace troupe {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words)
    result += (result.empty() ? "" : ", ") + word;
  return result;
}

std::vector<std::string> root_names(const node_settings& settings) {
  std::vector<std::string> result;
  for (const auto& [name, directory] : settings.roots)
    result.push_back(name);
  return result;
}

json mistake_json(const failure& error) {
  return {{"code", to_string(error.code)},
          {"where", error.subject},
          {"found", error.cause},
          {"advice", error.advice},
          {"message", to_string(error)}};
}

json node_json(const node_settings& settings) {
  auto seeds = json::array();
  for (const auto& seed : settings.seeds)
    seeds.push_back(to_string(seed));
  return {{"name", settings.name},
          {"roles", names_of(settings.roles)},
          {"bind", to_string(endpoint{settings.bind, settings.port})},
          {"address", to_string(address_of(settings))},
          {"seeds", std::move(seeds)},
          {"data_dir", settings.data_dir},
          {"slots", settings.slots},
          {"roots", settings.roots},
          {"tls", settings.tls.has_value()}};
}

} // namespace

std::string config_summary(const node_settings& settings) {
  auto result = "node " + settings.name + " ("
                + joined(names_of(settings.roles)) + ") at "
                + to_string(address_of(settings));
  if (settings.roles.worker)
    result += ", " + std::to_string(settings.slots)
              + (settings.slots == 1 ? " slot" : " slots");
  result += settings.roots.empty() ? ", no roots"
                                   : ", roots " + joined(root_names(settings));
  return result + (settings.tls ? ", TLS" : ", plain TCP");
}

json to_json(const std::string& file, const node_reading& reading) {
  auto mistakes = json::array();
  for (const auto& error : reading.mistakes)
    mistakes.push_back(mistake_json(error));
  auto ok = reading.mistakes.empty();
  return {{"file", file},
          {"ok", ok},
          {"mistakes", std::move(mistakes)},
          {"warnings", reading.warnings},
          {"node", ok ? node_json(reading.settings) : json{}}};
}

} // namespace troupe
