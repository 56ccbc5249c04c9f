#include "nodes/local_node.hpp"

#include <algorithm>
#include <thread>

#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <sched.h>

#include "actors/capability_probe.hpp"
#include "actors/coordinator.hpp"
#include "actors/encoder.hpp"
#include "actors/worker.hpp"
#include "encode/session_process.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

session::starter make_starter(const node_settings& settings) {
  return session::make_starter(settings.session_program.empty()
                                   ? session::default_session_program()
                                   : settings.session_program);
}

/// Encoders block for file operations and for processes to die, so each has a
/// thread of its own.
encoder_spawner make_spawner(caf::actor_system& system,
                             const encoder_config& config) {
  return [&system, config](const worker_actor& parent) {
    return system.spawn<caf::detached>(encoder, parent, config);
  };
}

uint32_t threads_per_session(const node_settings& settings) {
  if (settings.threads != 0)
    return settings.threads;
  return std::max(usable_processors() / settings.slots, 1u);
}

} // namespace

local_node::config::config(const node_settings& settings) {
  register_types(*this);
  // Work stealing polls even when there is nothing to steal.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{settings.scheduler_threads});
}

local_node::local_node(const node_settings& settings)
    : config_(settings), system_(config_) {
  auto start = make_starter(settings);
  capability_probe_config probing;
  probing.start = start;
  probing.limits = settings.session;
  // Starting a process blocks.
  probe_ = system_.spawn<caf::detached>(capability_probe, probing);
  worker_config working;
  working.slots = settings.slots;
  working.spawn_encoder =
      make_spawner(system_, encoder_config{start, settings.session});
  worker_ = system_.spawn(worker, working);
  coordinator_ = system_.spawn(troupe::coordinator);
  caf::anon_send(coordinator_, atom::enlist_v,
                 placed_worker{settings.name, worker_, probe_, settings.slots,
                               threads_per_session(settings)});
}

local_node::~local_node() {
  // No new jobs, then no new tasks, then nobody to ask. The rest ends with
  // them, and the actor system's destructor waits for all.
  using caf::exit_reason;
  caf::anon_send_exit(coordinator_, exit_reason::user_shutdown);
  caf::anon_send_exit(worker_, exit_reason::user_shutdown);
  caf::anon_send_exit(probe_, exit_reason::user_shutdown);
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
