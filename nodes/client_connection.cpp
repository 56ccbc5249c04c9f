#include "nodes/client_connection.hpp"

#include <cstdlib>
#include <utility>

#include "config/quantities.hpp"
#include "nodes/version.hpp"

namespace troupe {

namespace {

/// A client hardly does anything; one thread for its actors, one to spare.
constexpr uint32_t scheduler_threads = 2;

/// Of one search. Less than a verb's patience, so that the reasons of all
/// seeds are known when that is over.
constexpr std::chrono::milliseconds search_patience{3000};

constexpr double longest_deadline_s = 24.0 * 3600;

outcome<client_patience> read_patience(const std::string& deadline) {
  client_patience result;
  if (deadline.empty())
    return result;
  auto seconds = parse_duration("--deadline", deadline);
  if (!seconds)
    return seconds.error();
  if (*seconds > longest_deadline_s)
    return failure{ec::usage, "--deadline", "it is too long",
                   "a day is allowed"};
  result.search =
      std::chrono::milliseconds{static_cast<int64_t>(*seconds * 1000)};
  result.absence = std::max(result.absence, result.search);
  return result;
}

} // namespace

void add_connection_options(CLI::App& verb, connection_options& to) {
  auto group = "Cluster";
  verb.add_option("--seed", to.told.seed,
                  "A node that knows the cluster; else TROUPE_SEED, the seeds "
                  "of --config, or 127.0.0.1:7400")
      ->group(group)
      ->type_name("HOST:PORT");
  verb.add_option("--config", to.told.config,
                  "A node's file: its seeds, certificate and roots are taken")
      ->group(group)
      ->type_name("FILE");
  verb.add_option("--certificate", to.told.certificate,
                  "This client's certificate, PEM")
      ->group(group)
      ->type_name("FILE");
  verb.add_option("--key", to.told.key, "The certificate's key")
      ->group(group)
      ->type_name("FILE");
  verb.add_option("--ca", to.told.ca, "The certificate of the cluster's CA")
      ->group(group)
      ->type_name("FILE");
  verb.add_option("--deadline", to.deadline,
                  "Give up when there is no coordinator for so long (5s)")
      ->group(group)
      ->type_name("TIME");
}

outcome<connection_settings>
read_connection_settings(const connection_options& typed, command_output& out) {
  auto patience = read_patience(typed.deadline);
  if (!patience)
    return patience.error();
  auto told = typed.told;
  if (auto* seed = std::getenv("TROUPE_SEED"))
    told.seed_of_environment = seed;
  auto reading = read_client_settings(told);
  for (const auto& warning : reading.warnings)
    out.say("warning: " + warning);
  if (reading.mistakes.empty())
    return connection_settings{std::move(reading.settings), *patience};
  for (size_t i = 1; i < reading.mistakes.size(); ++i)
    out.complain(reading.mistakes[i]);
  return reading.mistakes.front();
}

client_connection::client_connection(const connection_settings& settings,
                                     link_listener listener)
    : config_(settings.where.tls, scheduler_threads), system_(config_),
      finder_(system_, settings.where.seeds, {version, "", search_patience}),
      client_(system_, finder_.actor(), settings.patience,
              std::move(listener)) {}

} // namespace troupe
