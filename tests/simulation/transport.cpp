#include "tests/simulation/transport.hpp"

#include <utility>
#include <vector>

#include <caf/actor_config.hpp>
#include <caf/actor_registry.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/detail/sync_request_bouncer.hpp>
#include <caf/execution_unit.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_actor.hpp>

namespace troupe::simulation {

namespace {

/// What bytes are read and written on: it knows the proxies.
class wire_unit : public caf::execution_unit {
public:
  wire_unit(caf::actor_system& system, caf::proxy_registry& proxies)
      : caf::execution_unit(&system) {
    proxy_registry_ptr(&proxies);
  }

  void exec_later(caf::resumable*) override {}
};

} // namespace

/// Stands for an actor of another process.
class remote_proxy : public caf::actor_proxy {
public:
  remote_proxy(caf::actor_config& config, transport& owner)
      : caf::actor_proxy(config), owner_(&owner) {}

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    // A dead proxy swallows what it gets, requests too.
    if (owner_ && what)
      owner_->forward(node(), id(), *what);
  }

  bool add_backlink(caf::abstract_actor*) override {
    if (owner_)
      owner_->wiring_.complain("an actor was linked to one of another process");
    return false;
  }

  bool remove_backlink(caf::abstract_actor*) override { return false; }

  void kill_proxy(caf::execution_unit* context, caf::error reason) override {
    owner_ = nullptr;
    cleanup(std::move(reason), context);
  }

private:
  transport* owner_;
};

transport::transport(caf::actor_system& system, wiring how,
                     random_source random)
    : system_(system), wiring_(std::move(how)), random_(random),
      proxies_(system, *this) {}

transport::~transport() {
  close();
}

caf::strong_actor_ptr transport::proxy(const caf::node_id& node,
                                       uint64_t actor) {
  return proxies_.get_or_put(node, actor);
}

caf::strong_actor_ptr transport::make_proxy(caf::node_id node,
                                            caf::actor_id actor) {
  if (!node || actor == caf::invalid_actor_id)
    return nullptr;
  caf::actor_config config;
  auto result = caf::make_actor<remote_proxy, caf::strong_actor_ptr>(
      actor, node, &system_, config, *this);
  packet what;
  what.what = packet::kind::watch;
  what.actor = actor;
  // Without a link of its own CAF would go through whoever told us of the
  // actor, and no end would ever be noticed: nobody may build on that.
  if (*open_ && !wiring_.send(node, std::move(what)))
    wiring_.complain("a handle came from elsewhere than its own process");
  return result;
}

void transport::forward(const caf::node_id& node, uint64_t actor,
                        caf::mailbox_element& element) {
  if (!*open_)
    return;
  packet what;
  what.actor = actor;
  what.id = element.mid.integer_value();
  if (const auto& sender = element.sender) {
    what.sender = sender->id();
    what.sender_node = sender->node();
    // So that the answer finds it.
    if (sender->node() == system_.node())
      system_.registry().put(sender->id(), sender);
  }
  auto stages = std::move(element.stages);
  auto content = element.move_content_to_message();
  what.elements = content.size();
  wire_unit unit{system_, proxies_};
  caf::binary_serializer sink{&unit, what.bytes};
  if (auto error = sink(stages, content))
    return wiring_.complain("a message can't be serialised: "
                            + to_string(content));
  wiring_.send(node, std::move(what));
}

void transport::receive(const caf::node_id& from, packet what) {
  if (!*open_)
    return;
  switch (what.what) {
    case packet::kind::message:
      return deliver(what);
    case packet::kind::watch:
      return watch(from, what.actor);
    case packet::kind::down:
      return proxies_.erase(from, what.actor, std::move(what.reason));
    case packet::kind::eof:
      return;
  }
}

void transport::deliver(packet& what) {
  auto receiver = system_.registry().get(what.actor);
  auto id = caf::make_message_id(what.id);
  if (!receiver && !id.is_request())
    return;
  caf::strong_actor_ptr sender;
  if (what.sender != 0)
    sender = what.sender_node == system_.node()
                 ? system_.registry().get(what.sender)
                 : proxies_.get_or_put(what.sender_node, what.sender);
  if (!receiver) {
    // The answer seldom gets through, as the asker's proxy ends at the same
    // time.
    if (random_.percent(50)) {
      caf::detail::sync_request_bouncer bounce{
          caf::exit_reason::remote_link_unreachable};
      bounce(sender, id);
    }
    return;
  }
  wire_unit unit{system_, proxies_};
  caf::binary_deserializer source{&unit, what.bytes};
  std::vector<caf::strong_actor_ptr> stages;
  caf::message content;
  if (auto error = source(stages, content))
    return wiring_.complain("a message can't be read: "
                            + system_.render(error));
  // Of a type that wasn't registered CAF sends nothing.
  if (content.size() != what.elements)
    return wiring_.complain("a message of a type that isn't registered");
  receiver->enqueue(caf::make_mailbox_element(std::move(sender), id,
                                              std::move(stages),
                                              std::move(content)),
                    nullptr);
}

void transport::watch(const caf::node_id& from, uint64_t actor) {
  packet end;
  end.what = packet::kind::down;
  end.actor = actor;
  auto watched = system_.registry().get(actor);
  if (!watched) {
    end.reason = caf::exit_reason::unknown;
    wiring_.send(from, std::move(end));
    return;
  }
  if (!watched_.emplace(from, actor).second)
    return;
  watched->get()->attach_functor(
      [this, from, actor, open = open_](const caf::error& reason) {
        if (!*open || watched_.erase({from, actor}) == 0)
          return;
        packet down;
        down.what = packet::kind::down;
        down.actor = actor;
        down.reason = reason;
        wiring_.send(from, std::move(down));
      });
}

void transport::lost(const caf::node_id& peer) {
  std::erase_if(watched_, [&](const auto& x) { return x.first == peer; });
  proxies_.erase(peer);
}

} // namespace troupe::simulation
