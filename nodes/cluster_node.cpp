#include "nodes/cluster_node.hpp"

#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <spdlog/spdlog.h>

#include "hw/machine.hpp"
#include "hw/processor_share.hpp"
#include "messages/types.hpp"
#include "nodes/debug_hooks.hpp"
#include "nodes/door.hpp"
#include "nodes/library_versions.hpp"
#include "nodes/node_actors.hpp"
#include "nodes/profile_file.hpp"

namespace troupe {

namespace {

/// Of one search for the coordinator. Short, as the next one follows at once:
/// a seed that swallows packets must not keep a node from one that came back.
constexpr std::chrono::milliseconds search_patience{1500};

/// What leaving may take beyond its limit.
constexpr std::chrono::seconds farewell_deadline{30};

/// What the end of all actors may take.
constexpr std::chrono::seconds end_deadline{60};

/// Says when the supervisor ended with an error. It lives while somebody has a
/// handle of it.
caf::behavior watchman(caf::event_based_actor* self,
                       const supervisor_actor& whom,
                       const cluster_node::listener& tell) {
  self->set_down_handler([=](const caf::down_msg& down) {
    self->quit();
    if (down.reason != caf::exit_reason::user_shutdown)
      tell({node_event::kind::failed, "", from_caf(down.reason)});
  });
  self->monitor(whom);
  // Without a behavior it would end before it heard anything.
  return {[](atom::tick) {}};
}

/// Asks the membership behind the door to leave, and says when it did.
void farewell(caf::event_based_actor* self, const caf::actor& door,
              std::chrono::milliseconds limit,
              const cluster_node::listener& tell) {
  auto done = [=] {
    tell({node_event::kind::left, "", {}});
    self->quit();
  };
  self->request(door, limit + farewell_deadline, atom::leave_v,
                static_cast<uint64_t>(limit.count()))
      .then([=](bool) { done(); },
            [=](const caf::error& error) {
              spdlog::warn("could not leave in good order: {}",
                           to_string(from_caf(error)));
              done();
            });
}

} // namespace

outcome<std::unique_ptr<cluster_node>>
cluster_node::start(const node_settings& settings, const std::string& version,
                    listener tell) {
  std::unique_ptr<cluster_node> node{new cluster_node};
  node->tell_ = std::move(tell);
  if (auto ok = node->take_data_dir(settings); !ok)
    return ok.error();
  if (auto ok = node->open_roots(settings); !ok)
    return ok.error();
  // Before there are threads, which inherit it.
  if (auto ok = use_share_of_processors(settings.cpu_percent, settings.name);
      !ok)
    return ok.error();
  if (auto ok = node->start_system(settings); !ok)
    return ok.error();
  cluster_seeker who{version, settings.name, search_patience};
  node->finder_ =
      std::make_unique<cluster_finder>(*node->system_, settings.seeds, who);
  auto parts = node->gather_parts(settings, version);
  if (!parts)
    return parts.error();
  if (auto ok = node->open_door(settings); !ok)
    return ok.error();
  parts->door = node->door_;
  node->supervise(std::move(*parts));
  return node;
}

outcome<void> cluster_node::take_data_dir(const node_settings& settings) {
  if (settings.data_dir.empty())
    return {};
  auto taken = data_dir::open(settings.data_dir);
  if (!taken)
    return taken.error();
  data_ = std::move(*taken);
  return {};
}

outcome<void> cluster_node::open_roots(const node_settings& settings) {
  auto opened = root_table::open(settings.roots);
  if (!opened)
    return opened.error();
  roots_ = std::make_shared<const root_table>(std::move(*opened));
  return {};
}

outcome<void> cluster_node::start_system(const node_settings& settings) {
  config_ = std::make_unique<network_config>(settings.tls,
                                             settings.scheduler_threads);
  if (auto ok = config_->apply(settings.caf); !ok)
    return ok;
  system_ = std::make_unique<caf::actor_system>(*config_);
  load_ = std::make_unique<load_watch>(roots_);
  return {};
}

outcome<company_parts> cluster_node::gather_parts(const node_settings& settings,
                                                  const std::string& version) {
  company_parts result;
  result.settings = settings;
  result.starts = session_starter(settings);
  result.files = file_space{roots_};
  auto libraries = library_versions(result.starts);
  if (!libraries)
    return libraries.error();
  if (data_) {
    auto machine = describe_machine(settings.data_dir);
    auto full = settings.probe == probe_extent::full;
    result.profile_file = data_->file("profile.json");
    result.profile_key = profile_key(version, full ? "full" : "quick",
                                     *libraries, machine.cpu, machine.gpus);
    result.journal_file = data_->file("journal.db");
    auto noted = leftovers::open(data_->file("leftovers"));
    if (!noted)
      return noted.error();
    result.noted = *noted;
    if (auto gone = result.noted->sweep(result.files); gone > 0)
      spdlog::info("removed {} partial files of an earlier run", gone);
  }
  result.hooks = read_debug_hooks();
  auto& joining = result.joining;
  joining.card = card_of(settings, version, std::move(*libraries));
  joining.finder = finder_->actor();
  joining.sample = [load = load_.get()] { return load->latest(); };
  joining.joined = [tell = tell_](const std::string& cluster) {
    tell({node_event::kind::joined, cluster, {}});
  };
  joining.gave_up = [tell = tell_](const failure& why) {
    tell({node_event::kind::gave_up, "", why});
  };
  return result;
}

outcome<void> cluster_node::open_door(const node_settings& settings) {
  door_ = system_->spawn(door);
  endpoint at{settings.bind, settings.port};
  auto port =
      publish(*system_, caf::actor_cast<caf::strong_actor_ptr>(door_), at);
  if (!port)
    return port.error();
  address_ = {settings.bind, *port};
  return {};
}

void cluster_node::supervise(company_parts parts) {
  auto company = std::make_shared<node_company>(*system_, std::move(parts));
  supervisor_config config;
  config.children = company->children();
  // Starting a child may open files.
  supervisor_ = system_->spawn<caf::detached>(supervisor, std::move(config));
  watchman_ = system_->spawn(watchman, supervisor_, tell_);
}

cluster_node::~cluster_node() {
  if (supervisor_) {
    caf::scoped_actor self{*system_};
    self->monitor(supervisor_);
    self->send_exit(supervisor_, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {},
                  caf::after(end_deadline) >>
                      [] { spdlog::error("this node does not end"); });
  }
  if (door_)
    caf::anon_send_exit(door_, caf::exit_reason::user_shutdown);
  finder_.reset();
  supervisor_ = nullptr;
  watchman_ = nullptr;
  door_ = nullptr;
  // Waits for all actors, of whom the last may still look at the load.
  system_.reset();
}

void cluster_node::leave(std::chrono::milliseconds limit) {
  system_->spawn(farewell, door_, limit, tell_);
}

} // namespace troupe
