#include "nodes/cluster_finder.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "actors/finder.hpp"
#include "nodes/dialer.hpp"

namespace troupe {

namespace {

finder_config config_of(const std::vector<endpoint>& seeds,
                        const cluster_seeker& who, dialer_actor dialer) {
  finder_config result;
  for (const auto& at : seeds)
    result.seeds.push_back({at.host, at.port});
  result.dialer = std::move(dialer);
  result.version = who.version;
  result.name = who.name;
  result.patience = who.patience;
  return result;
}

} // namespace

cluster_finder::cluster_finder(caf::actor_system& system,
                               const std::vector<endpoint>& seeds,
                               const cluster_seeker& who)
    : dialer_(spawn_dialer(system, system.has_openssl_manager())),
      finder_(system.spawn(finder, config_of(seeds, who, dialer_))) {}

cluster_finder::~cluster_finder() {
  // Neither ends by itself, as they may be spoken to from outside.
  caf::anon_send_exit(finder_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(dialer_, caf::exit_reason::user_shutdown);
}

} // namespace troupe
