#include "tests/simulation/process.hpp"

#include <utility>

#include <caf/actor_registry.hpp>

#include "messages/types.hpp"

namespace troupe::simulation {

namespace {

/// CAF counts its systems and puts that number into their ids; here it is the
/// world's number, so that a scenario is the same whatever ran before it.
caf::node_id id_of(uint32_t number) {
  caf::node_id::default_data::host_id_type host{};
  host.fill(0x5a);
  for (size_t i = 0; i < 4; ++i)
    host[host.size() - 1 - i] = static_cast<uint8_t>(number >> (8 * i));
  return caf::make_node_id(1, host);
}

} // namespace

process::process(surroundings around, uint32_t number, std::string host,
                 std::string address)
    : around_(std::move(around)), host_(std::move(host)),
      random_(around_.random.split()) {
  register_types(config_);
  config_.module_factories.emplace_back(
      [this](caf::actor_system& system) -> caf::actor_system::module* {
        scheduler_ = new simulated_scheduler(system);
        return scheduler_;
      });
  system_ = std::make_unique<caf::actor_system>(config_);
  // No actor of ours has seen the other one.
  const_cast<caf::node_id&>(system_->node()) = id_of(number);
  scheduler_->clock().advance_to(around_.time.now());
  transport::wiring wiring{
      [this](const caf::node_id& to, packet what) {
        return around_.wires.send(id(), to, std::move(what));
      },
      [this](std::string what) { around_.complain(host_ + ": " + what); }};
  wire_ = std::make_unique<transport>(*system_, std::move(wiring),
                                      around_.random.split());
  around_.wires.join(id(), host_, address, *wire_);
}

process::~process() {
  doom();
  scheduler_->kill_all();
  wire_.reset();
  scheduler_->kill_all();
}

void process::publish(const caf::strong_actor_ptr& what) {
  system_->registry().put(what->id(), what);
  around_.wires.publish(id(), what);
}

void process::run_one() {
  ++steps_;
  scheduler_->run_one(random_);
}

void process::doom() {
  wire_->close();
  around_.wires.kill(id());
}

void process::pause() {
  if (std::exchange(paused_, true))
    return;
  paused_at_ = around_.time.now();
  around_.wires.pause(id());
}

void process::thaw() {
  if (!std::exchange(paused_, false))
    return;
  // Timers and sockets wake up together, in either order.
  auto timers_first = random_.percent(50);
  if (timers_first)
    catch_up();
  around_.wires.thaw(id(), around_.time.now() - paused_at_);
  catch_up();
}

std::optional<instant> process::next_timeout() const {
  if (paused_)
    return std::nullopt;
  return scheduler_->clock().next();
}

void process::catch_up() {
  if (!paused_)
    scheduler_->clock().advance_to(around_.time.now());
}

} // namespace troupe::simulation
