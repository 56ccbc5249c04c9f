#include "tests/simulation/cluster.hpp"

#include <stdexcept>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "actors/coordinator.hpp"
#include "actors/encoder.hpp"
#include "actors/finder.hpp"
#include "actors/journal.hpp"
#include "actors/membership.hpp"
#include "actors/supervisor.hpp"
#include "actors/worker.hpp"
#include "tests/simulation/client.hpp"
#include "tests/simulation/dialer.hpp"

namespace troupe::simulation {

namespace {

using namespace std::chrono_literals;

constexpr uint16_t port = 7400;

profile abilities_of(const std::string& name) {
  profile result;
  result.hostname = name;
  encoder_capability h264;
  h264.name = "libx264";
  h264.codec = "h264";
  h264.kind = "software";
  h264.works = true;
  h264.max_width = 3840;
  h264.max_height = 2160;
  h264.pixel_formats = {"yuv420p"};
  h264.fps_1080p = 60;
  result.encoders = {h264};
  return result;
}

/// A CAPABILITY_PROBE that has tried everything already.
capability_probe_actor::behavior_type
knowing_probe(capability_probe_actor::pointer, profile known) {
  return {
      [=](atom::probe,
          const std::string& name) -> caf::result<encoder_capability> {
        for (const auto& x : known.encoders)
          if (x.name == name)
            return x;
        return encoder_capability{};
      },
      [=](atom::describe) { return known; },
      [](atom::event) {},
      [](atom::tick) {},
  };
}

node_load idle_load(const std::map<std::string, std::string>& roots) {
  node_load result;
  result.cpu = 0.1;
  result.memory_free_bytes = uint64_t{8} << 30;
  for (const auto& [name, path] : roots)
    result.roots.push_back({name, true, uint64_t{100} << 30});
  return result;
}

} // namespace

cluster::cluster(world& all, session_models& sessions, output_folder& outputs,
                 history& told, ledger& book,
                 std::map<std::string, std::string> roots)
    : world_(all), sessions_(sessions), outputs_(outputs), told_(told),
      book_(book), roots_(std::move(roots)) {
  auto opened = root_table::open(roots_);
  if (!opened)
    throw std::runtime_error(to_string(opened.error()));
  files_ = file_space{std::make_shared<root_table>(std::move(*opened))};
}

cluster::~cluster() {
  for (auto& [name, x] : hosts_)
    kill(x);
}

host& cluster::add(std::string name, node_roles roles, uint32_t slots) {
  auto& result = hosts_[name];
  result.name = name;
  result.address = name + ':' + std::to_string(port);
  result.roles = roles;
  result.slots = slots;
  everybody_.push_back({name, port});
  return result;
}

host& cluster::coordinator() {
  for (auto& [name, x] : hosts_)
    if (x.roles.coordinator)
      return x;
  return hosts_.begin()->second;
}

// -- starting -----------------------------------------------------------------

void cluster::start(host& x) {
  if (x.up())
    return;
  x.running = &world_.start(x.name, x.address);
  x.number = ++last_process_;
  told_.note(x.name, "starts");
  spawn_node(x);
}

void cluster::spawn_node(host& x) {
  auto& system = x.running->system();
  auto name = x.name;
  auto fake_roots = roots_;
  node_key key{x.name, world_.random().next() | 1};

  finder_config finding;
  finding.seeds = x.seeds;
  finding.dialer = spawn_dialer(*x.running, world_.wires());
  finding.version = "1.0";
  finding.name = x.name;
  finding.patience = 2s;

  membership_config joining;
  joining.card.key = key;
  joining.card.roles = x.roles;
  joining.card.address = x.address;
  joining.card.version = "1.0";
  joining.card.slots = x.roles.worker ? x.slots : 0;
  joining.finder = system.spawn(finder, finding);
  joining.sample = [fake_roots] { return idle_load(fake_roots); };
  joining.joined = [this, name](const std::string& to) {
    told_.note(name, "is a member of the cluster of " + to);
  };
  joining.gave_up = [this, name](const failure& why) {
    told_.violation(name + " gave up: " + to_string(why));
  };
  auto member = x.membership = system.spawn(membership, joining);
  x.running->publish(caf::actor_cast<caf::strong_actor_ptr>(member));

  auto abilities = abilities_of(x.name);
  auto probe = system.spawn(knowing_probe, abilities);
  if (x.roles.coordinator)
    spawn_coordinator(x, member);
  if (!x.roles.worker)
    return;
  worker_config working;
  working.slots = x.slots;
  encoder_config encoding;
  encoding.files = files_;
  encoding.start = sessions_.starter(x.name, x.number, x.slots);
  working.spawn_encoder = [&system, encoding](const worker_actor& parent) {
    return system.spawn(encoder, parent, encoding);
  };
  auto made = system.spawn(worker, working);
  caf::anon_send(member, atom::enlist_v,
                 placed_worker{key, made, probe, x.slots, 1});
  caf::anon_send(member, atom::describe_v, abilities);
}

void cluster::spawn_coordinator(host& x, const membership_actor& membership) {
  auto dead = x.dead = std::make_shared<bool>(false);
  journal_config journal;
  journal.now_ms = [this] { return unix_now(); };
  journal.open = [&x, dead]() -> outcome<std::unique_ptr<journal_store>> {
    return open_store(x.data, dead);
  };
  journal.step = [this, &x, dead](journal_step) {
    if (journal_steps_left_ == 0 || --journal_steps_left_ > 0)
      return;
    told_.note(x.name, "is killed at a step of its journal");
    *dead = true;
    x.running->doom();
    world_.after_steps(*x.running, 0, [this, &x] { kill(x); });
  };
  // A disk that is quick, or not, or hardly moves.
  auto& random = world_.random();
  auto luck = quick_disk ? 0 : random.below(100);
  if (luck >= 80)
    journal.commit_delay = std::chrono::milliseconds{random.between(100, 800)};
  else if (luck >= 50)
    journal.commit_delay = std::chrono::milliseconds{random.between(1, 20)};
  // Seeded, yet never the same in two lives of a node.
  auto bits = std::make_shared<random_source>(random.split());
  auto& system = x.running->system();
  auto start = [=, this, &system]() -> outcome<std::vector<caf::actor>> {
    auto written = system.spawn(troupe::journal, journal);
    coordinator_config leading;
    leading.journal = written;
    leading.wall_ms = [this] { return unix_now(); };
    leading.random = [bits] { return bits->next(); };
    auto made = system.spawn(troupe::coordinator, leading);
    caf::anon_send(membership, atom::lead_v, made);
    return std::vector<caf::actor>{caf::actor_cast<caf::actor>(written),
                                   caf::actor_cast<caf::actor>(made)};
  };
  supervisor_config supervising;
  supervising.children.push_back({"coordinator", start});
  x.supervisor =
      caf::actor_cast<caf::actor>(system.spawn(supervisor, supervising));
  // A node whose supervisor gave up ends; the machine starts another.
  auto number = x.number;
  caf::actor_cast<caf::abstract_actor*>(x.supervisor)
      ->attach_functor([this, &x, number, dead] {
        if (*dead)
          return;
        *dead = true;
        world_.after_steps(*x.running, 0, [this, &x] { kill(x); });
        world_.time().after(1s, [this, &x, number] {
          if (x.number == number)
            this->start(x);
        });
      });
}

uint64_t cluster::unix_now() const {
  constexpr uint64_t beginning = 1'700'000'000'000;
  return beginning + static_cast<uint64_t>(world_.time().elapsed_ms());
}

caf::actor cluster::add_client(const std::string& name) {
  auto& made = world_.start(name, name + ":1");
  finder_config finding;
  finding.seeds = everybody_;
  finding.dialer = spawn_dialer(made, world_.wires());
  finding.version = "1.0";
  auto& system = made.system();
  return system.spawn(client, system.spawn(finder, finding), name, &book_,
                      &told_);
}

// -- faults -------------------------------------------------------------------

void cluster::kill(host& x) {
  if (!x.up())
    return;
  told_.note(x.name, "is killed");
  ++losses_;
  end(x);
}

/// Its process is no more.
void cluster::end(host& x) {
  if (x.dead)
    *x.dead = true;
  x.supervisor = nullptr;
  x.membership = nullptr;
  outputs_.before_kill();
  world_.end(*std::exchange(x.running, nullptr));
  outputs_.after_kill();
}

void cluster::kill_after(host& x, uint64_t steps) {
  if (x.up())
    world_.after_steps(*x.running, steps, [this, &x] { kill(x); });
}

void cluster::freeze(host& x) {
  if (!x.up() || x.frozen())
    return;
  told_.note(x.name, "is stopped");
  ++losses_;
  x.running->pause();
}

void cluster::freeze_after(host& x, uint64_t steps) {
  if (x.up())
    world_.after_steps(*x.running, steps, [this, &x] { freeze(x); });
}

void cluster::thaw(host& x) {
  if (!x.frozen())
    return;
  told_.note(x.name, "goes on");
  x.running->thaw();
}

void cluster::cut(host& x) {
  if (std::exchange(x.cut, true))
    return;
  told_.note(x.name, "is cut off");
  ++losses_;
  world_.wires().cut(x.name);
}

void cluster::heal(host& x) {
  if (!std::exchange(x.cut, false))
    return;
  told_.note(x.name, "is connected again");
  world_.wires().heal(x.name);
}

void cluster::reset(host& x) {
  if (!x.up())
    return;
  told_.note(x.name, "loses its links");
  ++losses_;
  world_.wires().reset(x.name);
}

void cluster::leave(host& x, duration limit) {
  if (!x.up())
    return;
  told_.note(x.name, "is told to end");
  auto number = x.number;
  auto go = [this, &x, number] {
    if (x.number != number || !x.up())
      return;
    world_.after_steps(*x.running, 0, [this, &x, number] {
      if (x.number != number || !x.up())
        return;
      told_.note(x.name, "has left");
      end(x);
    });
  };
  auto limit_ms = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(limit).count());
  x.running->system().spawn(
      [go, limit_ms, whom = x.membership](caf::event_based_actor* self) {
        self->request(whom, std::chrono::milliseconds{limit_ms} + 30s,
                      atom::leave_v, limit_ms)
            .then([=](bool) { go(); }, [=](const caf::error&) { go(); });
      });
}

} // namespace troupe::simulation
