#include "actors/supervisor.hpp"

#include <algorithm>
#include <utility>

#include <caf/exit_reason.hpp>

#include <spdlog/spdlog.h>

#include "messages/types.hpp"

namespace troupe {

namespace {

using supervisor_pointer = supervisor_actor::stateful_pointer<supervisor_state>;
using phase = supervised_child::phase;

/// Ends the last child that still runs, and the one before it when that has
/// ended; at last the supervisor itself.
void end_next(supervisor_pointer self) {
  auto& state = self->state;
  auto& children = state.children;
  for (auto child = children.rbegin(); child != children.rend(); ++child) {
    if (child->now == phase::ended)
      continue;
    if (child->alive.empty()) {
      child->now = phase::ended;
      continue;
    }
    child->now = phase::ending;
    child->due = self->clock().now() + state.patience;
    // The last one started may need those before it to the end.
    self->send_exit(child->alive.back(), caf::exit_reason::user_shutdown);
    self->delayed_send(self, state.patience, atom::tick_v);
    return;
  }
  self->quit(*state.ending);
}

void end_all(supervisor_pointer self, caf::error reason) {
  auto& state = self->state;
  if (state.ending)
    return;
  state.ending = std::move(reason);
  end_next(self);
}

void escalate(supervisor_pointer self, const supervised_child& child,
              const failure& why) {
  failure defect{ec::internal, child.spec.name,
                 "failed again and again, at last: " + to_string(why),
                 "look at the log of this node"};
  spdlog::critical("{}", to_string(defect));
  end_all(self, to_caf(defect));
}

/// The child is down altogether: it is started again, but not at once.
void restart_later(supervisor_pointer self, supervised_child& child) {
  auto& state = self->state;
  child.now = phase::waiting;
  auto delay = state.pace.next(0);
  child.due = self->clock().now() + delay;
  self->delayed_send(self, delay, atom::tick_v);
}

void child_failed(supervisor_pointer self, supervised_child& child,
                  const failure& why) {
  spdlog::error("the {} of this node failed: {}", child.spec.name,
                to_string(why));
  auto& state = self->state;
  auto now = self->clock().now();
  if (!state.limit.permit(now))
    return escalate(self, child, why);
  if (now - std::exchange(state.last_failure, now) >= state.within)
    state.pace.reset();
  if (child.alive.empty())
    return restart_later(self, child);
  child.now = phase::ending;
  child.due = now + state.patience;
  for (const auto& actor : child.alive)
    self->send_exit(actor, caf::exit_reason::user_shutdown);
  self->delayed_send(self, state.patience, atom::tick_v);
}

void start(supervisor_pointer self, supervised_child& child) {
  auto started = child.spec.start();
  if (!started)
    return child_failed(self, child, started.error());
  child.alive = std::move(*started);
  child.now = phase::running;
  for (const auto& actor : child.alive)
    self->monitor(actor);
}

void down(supervisor_pointer self, const caf::down_msg& what) {
  auto& state = self->state;
  for (auto& child : state.children) {
    auto died = std::find(child.alive.begin(), child.alive.end(), what.source);
    if (died == child.alive.end())
      continue;
    child.alive.erase(died);
    if (state.ending)
      return end_next(self);
    if (child.now == phase::running)
      return child_failed(self, child, from_caf(what.reason));
    if (child.now == phase::ending && child.alive.empty())
      restart_later(self, child);
    return;
  }
}

/// An actor that does not end cannot be replaced, only done without.
void late(supervisor_pointer self, supervised_child& child) {
  spdlog::error("the {} of this node does not end", child.spec.name);
  for (const auto& actor : child.alive)
    self->demonitor(actor.address());
  child.alive.clear();
  if (self->state.ending)
    return end_next(self);
  escalate(self, child, {ec::internal, "", "it does not end", ""});
}

void tick(supervisor_pointer self) {
  auto& state = self->state;
  auto now = self->clock().now();
  for (auto& child : state.children) {
    if (now < child.due)
      continue;
    if (child.now == phase::ending)
      late(self, child);
    else if (child.now == phase::waiting && !state.ending)
      start(self, child);
  }
}

} // namespace

supervisor_actor::behavior_type supervisor(supervisor_pointer self,
                                           supervisor_config config) {
  auto& state = self->state;
  state.patience = config.patience;
  state.within = config.within;
  state.limit = restart_limit{config.max_restarts, config.within};
  for (auto& spec : config.children)
    state.children.push_back({std::move(spec), phase::waiting, {}, {}});
  self->set_down_handler([=](const caf::down_msg& x) { down(self, x); });
  self->set_exit_handler(
      [=](const caf::exit_msg& x) { end_all(self, x.reason); });
  // Not from within its own construction: a first start may fail.
  self->send(self, atom::tick_v);
  return {
      [=](atom::tick) { tick(self); },
  };
}

} // namespace troupe
