#include "nodes/node_company.hpp"

#include <chrono>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <spdlog/spdlog.h>

#include "actors/sqlite_store.hpp"
#include "messages/types.hpp"
#include "nodes/node_actors.hpp"
#include "nodes/profile_file.hpp"

namespace troupe {

namespace {

/// Many encoders, each at several sizes, beside a node's work.
constexpr std::chrono::minutes describe_deadline{30};

using learner = std::function<void(const profile&)>;

/// Asks the probe for the profile, and ends with its answer or its end.
void describer(caf::event_based_actor* self,
               const capability_probe_actor& probe, const learner& learn) {
  self->monitor(probe);
  self->set_down_handler([=](const caf::down_msg&) { self->quit(); });
  self->request(probe, describe_deadline, atom::describe_v)
      .then(
          [=](const profile& abilities) {
            learn(abilities);
            self->quit();
          },
          [=](const caf::error& error) {
            spdlog::warn("it is not known what this node can encode: {}",
                         to_string(from_caf(error)));
            self->quit();
          });
}

caf::actor untyped(const auto& actor) {
  return caf::actor_cast<caf::actor>(actor);
}

} // namespace

node_company::node_company(caf::actor_system& system, company_parts parts)
    : system_(system), parts_(std::move(parts)) {
  if (!parts_.profile_file.empty())
    abilities_ = read_profile(parts_.profile_file, parts_.profile_key);
}

std::vector<child_spec> node_company::children() {
  std::vector<child_spec> result;
  const auto& roles = parts_.settings.roles;
  auto me = shared_from_this();
  if (roles.worker) {
    result.push_back({"capability probe", [me] { return me->start_probe(); }});
    result.push_back({"worker", [me] { return me->start_worker(); }});
  }
  if (roles.coordinator)
    result.push_back({"coordinator", [me] { return me->start_coordinator(); }});
  result.push_back({"membership", [me] { return me->start_membership(); }});
  return result;
}

node_company::started node_company::start_probe() {
  probe_ = spawn_capability_probe(system_, parts_.settings, parts_.starts);
  tell_place();
  find_out_abilities();
  return std::vector{untyped(probe_)};
}

node_company::started node_company::start_worker() {
  worker_ = spawn_worker(system_, parts_.settings, parts_.starts, parts_.files,
                         parts_.noted, stop_at_step(parts_.hooks.publish_stop));
  tell_place();
  return std::vector{untyped(worker_)};
}

node_company::started node_company::start_coordinator() {
  auto journal = spawn_journal(system_, open_sqlite(parts_.journal_file),
                               parts_.settings.journal,
                               exit_at_step(parts_.hooks.journal_exit));
  constexpr auto alone = false;
  coordinator_ = spawn_coordinator(system_, parts_.settings, journal, alone);
  tell_lead();
  // The journal is the first to come and the last to go.
  return std::vector{untyped(journal), untyped(coordinator_)};
}

node_company::started node_company::start_membership() {
  auto made = system_.spawn(membership, parts_.joining);
  {
    std::lock_guard guard{mutex_};
    membership_ = made;
  }
  caf::anon_send(parts_.door, atom::enlist_v, made);
  tell_lead();
  tell_place();
  tell_abilities();
  return std::vector{untyped(made)};
}

void node_company::tell_place() {
  if (membership_ && worker_ && probe_)
    caf::anon_send(
        membership_, atom::enlist_v,
        place_of(parts_.joining.card.key, parts_.settings, worker_, probe_));
}

void node_company::tell_lead() {
  if (membership_ && coordinator_)
    caf::anon_send(membership_, atom::lead_v, coordinator_);
}

void node_company::tell_abilities() {
  std::lock_guard guard{mutex_};
  if (membership_ && abilities_)
    caf::anon_send(membership_, atom::describe_v, *abilities_);
}

void node_company::find_out_abilities() {
  std::lock_guard guard{mutex_};
  if (abilities_)
    return;
  // It writes a file.
  system_.spawn<caf::detached>(
      describer, probe_,
      [me = shared_from_this()](const profile& found) { me->learn(found); });
}

void node_company::learn(const profile& abilities) {
  if (!parts_.profile_file.empty())
    if (auto kept =
            write_profile(parts_.profile_file, parts_.profile_key, abilities);
        !kept)
      spdlog::warn("{}", to_string(kept.error()));
  {
    std::lock_guard guard{mutex_};
    abilities_ = abilities;
  }
  tell_abilities();
}

} // namespace troupe
