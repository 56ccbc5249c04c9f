#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <caf/result.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "messages/cluster.hpp"
#include "messages/types.hpp"

namespace troupe::test {

/// What a COORDINATOR was told by nodes, by a stub in its place.
struct told_by_nodes {
  std::vector<join_request> joins;
  std::vector<node_load> status;
  std::vector<profile> abilities;
  std::vector<node_key> drained;
  std::vector<node_key> left;

  welcome greeting;               ///< what it lets nodes in with
  std::optional<failure> refusal; ///< of whoever wants to be let in
  bool answers = true;            ///< to them at all
};

/// A COORDINATOR that knows nodes only. `to` outlives it.
inline coordinator_actor::behavior_type
node_keeper(coordinator_actor::pointer self, told_by_nodes* to) {
  auto same = [](const job_id& id) { return id; };
  return {
      [](atom::submit, const job_request&) { return job_id{}; },
      [](atom::get, const job_id&) { return job_report{}; },
      [](atom::watch, const job_id&, const observer_actor&) {},
      [=](atom::cancel, const job_id& id) { return same(id); },
      [=](atom::pause, const job_id& id) { return same(id); },
      [=](atom::resume, const job_id& id) { return same(id); },
      [=](atom::retry, const job_id& id) { return same(id); },
      [=](atom::migrate, const job_id& id, const std::string&) {
        return same(id);
      },
      [=](atom::forget, const job_id& id) { return same(id); },
      [](atom::list, const job_query&) { return std::vector<job_summary>{}; },
      [](atom::logs, const job_id&) { return std::vector<log_line>{}; },
      [=](atom::nodes) { return to->greeting.table; },
      [](atom::caps, const std::string&) { return profile{}; },
      [](atom::drain, const std::string& name) { return name; },
      [](atom::undrain, const std::string& name) { return name; },
      [=](atom::join, const join_request& x) -> caf::result<welcome> {
        to->joins.push_back(x);
        if (!to->answers)
          return self->make_response_promise<welcome>();
        if (to->refusal)
          return to_caf(*to->refusal);
        return to->greeting;
      },
      [=](atom::status, const node_key&, const node_load& x) {
        to->status.push_back(x);
      },
      [=](atom::describe, const node_key&, const profile& x) {
        to->abilities.push_back(x);
      },
      [=](atom::drain, const node_key& x) { to->drained.push_back(x); },
      [=](atom::leave, const node_key& x) { to->left.push_back(x); },
      [](atom::ready, const job_id&, const task_needs&) {},
      [](atom::vacate, const job_id&, const node_key&) {},
      [](atom::done, const node_key&, const failure&) {},
      [](atom::update, const job_summary&) {},
      [](atom::ended, const job_report&) {},
      [](atom::place) {},
      [](atom::reign) {},
      [](atom::tick) {},
  };
}

/// How a FINDER's stub answers.
struct told_finder {
  std::optional<found_coordinator> found;
  failure refusal{ec::no_cluster, "alpha:7400", "no answer", ""};
  uint32_t searches = 0;
};

/// A FINDER that finds what it is told to. `to` outlives it.
inline finder_actor::behavior_type finder_stub(finder_actor::pointer,
                                               told_finder* to) {
  return {
      [=](atom::find) -> caf::result<found_coordinator> {
        ++to->searches;
        if (to->found)
          return *to->found;
        return to_caf(to->refusal);
      },
  };
}

/// What a node of a test's network answers to those who dial it.
struct peer_answers {
  bool suits = true;
  std::string reason;
  std::string host; ///< of the coordinator; "" when it is here
  uint16_t port = 0;
  std::optional<coordinator_actor> leads; ///< none: not_coordinator
  bool silent = false;                    ///< to greetings
  uint32_t greeted = 0;
  std::vector<std::string> names; ///< of those who greeted
};

/// A MEMBERSHIP that only answers those who look for the coordinator. `to`
/// outlives it.
inline membership_actor::behavior_type peer_stub(membership_actor::pointer self,
                                                 peer_answers* to) {
  using greeting = caf::result<bool, std::string, std::string, uint16_t>;
  return {
      [=](atom::hello, uint32_t, const std::string&,
          const std::string& name) -> greeting {
        ++to->greeted;
        to->names.push_back(name);
        if (to->silent)
          return self->make_response_promise<bool, std::string, std::string,
                                             uint16_t>();
        return {to->suits, to->reason, to->host, to->port};
      },
      [=](atom::lead) -> caf::result<coordinator_actor> {
        if (to->leads)
          return *to->leads;
        return to_caf({ec::not_coordinator, "", "is not the coordinator", ""});
      },
      [](atom::members, const std::vector<member>&) {},
      [](atom::enlist, const placed_worker&) {},
      [](atom::lead, const coordinator_actor&) {},
      [](atom::describe, const profile&) {},
      [](atom::nodes) { return std::vector<member>{}; },
      [](atom::leave, uint64_t) { return true; },
      [](atom::tick) {},
  };
}

} // namespace troupe::test
