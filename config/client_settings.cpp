#include "config/client_settings.hpp"

#include <algorithm>
#include <chrono>

#include "config/certificates.hpp"
#include "config/node_file.hpp"
#include "config/setting_table.hpp"

namespace troupe {

namespace {

/// Where a client on the node's own machine dials it: all of a machine's
/// addresses include loopback.
endpoint own_address(const node_settings& node) {
  if (node.bind == "0.0.0.0")
    return {"127.0.0.1", node.port};
  if (node.bind == "::")
    return {"::1", node.port};
  return {node.bind, node.port};
}

class client_reader {
public:
  explicit client_reader(const client_options& told) : told_(told) {}

  client_reading read() {
    if (!told_.config.empty())
      read_node();
    read_seed();
    read_certificates();
    if (result_.mistakes.empty())
      check();
    return std::move(result_);
  }

private:
  void complain(std::string subject, std::string cause, std::string advice) {
    result_.mistakes.push_back(
        {ec::usage, std::move(subject), std::move(cause), std::move(advice)});
  }

  void read_node() {
    auto node = read_node_file(told_.config, {}, config_checks::text);
    result_.mistakes = std::move(node.mistakes);
    auto& to = result_.settings;
    to.seeds.push_back(own_address(node.settings));
    for (const auto& seed : node.settings.seeds)
      if (std::ranges::count(to.seeds, seed) == 0)
        to.seeds.push_back(seed);
    to.roots = std::move(node.settings.roots);
    to.tls = std::move(node.settings.tls);
  }

  void read_seed() {
    auto& seeds = result_.settings.seeds;
    auto by_option = !told_.seed.empty();
    const auto& text = by_option ? told_.seed : told_.seed_of_environment;
    if (text.empty()) {
      if (seeds.empty())
        seeds.push_back({"127.0.0.1", default_port});
      return;
    }
    auto seed = parse_endpoint(by_option ? "--seed" : "TROUPE_SEED", text);
    if (seed)
      seeds = {*seed};
    else
      result_.mistakes.push_back(seed.error());
  }

  void read_certificates() {
    if (told_.certificate.empty() && told_.key.empty() && told_.ca.empty())
      return;
    auto need = [this](const std::string& value, const char* option) {
      if (value.empty())
        complain(option, "is missing",
                 "--certificate, --key and --ca go together");
    };
    need(told_.certificate, "--certificate");
    need(told_.key, "--key");
    need(told_.ca, "--ca");
    result_.settings.tls = {told_.certificate, told_.key, told_.ca};
  }

  void check() {
    const auto& settings = result_.settings;
    if (settings.tls) {
      auto found =
          check_certificates(*settings.tls, std::chrono::system_clock::now());
      result_.mistakes = std::move(found.mistakes);
      result_.warnings = std::move(found.warnings);
      return;
    }
    for (const auto& seed : settings.seeds)
      if (!is_loopback(seed.host))
        complain(to_string(seed), "is beyond this machine",
                 "say by which certificate this client is known there: "
                 "--config, or --certificate, --key and --ca");
  }

  const client_options& told_;
  client_reading result_;
};

} // namespace

client_reading read_client_settings(const client_options& told) {
  return client_reader{told}.read();
}

} // namespace troupe
