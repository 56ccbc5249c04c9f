#include "nodes/node_actors.hpp"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include <sched.h>

#include "actors/capability_probe.hpp"
#include "actors/coordinator.hpp"
#include "actors/encoder.hpp"
#include "actors/journal.hpp"
#include "actors/wall_clock.hpp"
#include "actors/worker.hpp"

namespace troupe {

namespace {

uint64_t random_bits() {
  std::random_device source;
  return (uint64_t{source()} << 32) | source();
}

uint32_t threads_per_session(const node_settings& settings) {
  if (settings.threads != 0)
    return settings.threads;
  return std::max(usable_processors() / settings.slots, 1u);
}

} // namespace

session::starter session_starter(const node_settings& settings) {
  return session::make_starter(settings.session_program.empty()
                                   ? session::default_session_program()
                                   : settings.session_program);
}

capability_probe_actor spawn_capability_probe(caf::actor_system& system,
                                              const node_settings& settings,
                                              const session::starter& starts) {
  capability_probe_config config;
  config.start = starts;
  config.limits = settings.session;
  config.thorough = settings.probe == probe_extent::full;
  if (!settings.data_dir.empty())
    config.data_path = settings.data_dir;
  // Starting a process blocks.
  return system.spawn<caf::detached>(capability_probe, std::move(config));
}

worker_actor spawn_worker(caf::actor_system& system,
                          const node_settings& settings,
                          const session::starter& starts,
                          const file_space& files,
                          std::shared_ptr<leftovers> noted,
                          output_partial::step publishing) {
  encoder_config encoding;
  encoding.start = starts;
  encoding.limits = settings.session;
  encoding.files = files;
  encoding.noted = std::move(noted);
  encoding.publishing = std::move(publishing);
  worker_config config;
  config.slots = settings.slots;
  // Encoders block for file operations and for processes to die, so each has a
  // thread of its own.
  config.spawn_encoder = [&system, encoding](const worker_actor& parent) {
    return system.spawn<caf::detached>(encoder, parent, encoding);
  };
  return system.spawn(worker, std::move(config));
}

journal_actor spawn_journal(caf::actor_system& system, journal_opener open,
                            const journal_settings& keeps, journal_hook step) {
  journal_config config;
  config.open = std::move(open);
  config.retention.max_jobs = keeps.keep_jobs;
  config.retention.max_age = std::chrono::hours{24} * keeps.keep_days;
  config.step = std::move(step);
  // It waits for the disk.
  return system.spawn<caf::detached>(journal, std::move(config));
}

coordinator_actor spawn_coordinator(caf::actor_system& system,
                                    const node_settings& settings,
                                    const journal_actor& journal, bool alone) {
  coordinator_config config;
  config.journal = journal;
  config.wall_ms = unix_ms;
  config.random = random_bits;
  config.rooted_paths = !alone;
  config.times = {settings.stall_timeout_s, settings.job_timeout_s};
  if (alone)
    config.retries.attempts = 1;
  return system.spawn(coordinator, std::move(config));
}

placed_worker place_of(const node_key& node, const node_settings& settings,
                       const worker_actor& worker,
                       const capability_probe_actor& probe) {
  return {node, worker, probe, settings.slots, threads_per_session(settings)};
}

node_card card_of(const node_settings& settings, const std::string& version,
                  std::vector<library_version> libraries) {
  node_card result;
  result.key = {settings.name, random_bits()};
  result.roles = settings.roles;
  result.address = to_string(address_of(settings));
  result.version = version;
  result.libraries = std::move(libraries);
  result.slots = settings.roles.worker ? settings.slots : 0;
  return result;
}

uint32_t usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  // Fails on machines with more processors than a cpu_set_t has bits.
  if (sched_getaffinity(0, sizeof(set), &set) != 0)
    return std::max(std::thread::hardware_concurrency(), 1u);
  return static_cast<uint32_t>(std::max(CPU_COUNT(&set), 1));
}

} // namespace troupe
