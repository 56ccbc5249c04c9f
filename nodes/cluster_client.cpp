#include "nodes/cluster_client.hpp"

#include <optional>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include "config/endpoint.hpp"
#include "messages/types.hpp"
#include "nodes/readable.hpp"

namespace troupe {

namespace {

failure interrupted() {
  return {ec::cancelled, "", "interrupted", ""};
}

failure nobody_found(const client_desk::standing& now,
                     std::chrono::milliseconds limit) {
  if (now.last_search.code != ec::none) {
    auto why = now.last_search;
    // Only a client knows what a person can do: nodes search, too.
    if (why.code == ec::no_cluster && why.advice.empty())
      why.advice = "see that a node runs there, or name another by --seed or "
                   "--config";
    return why;
  }
  return {ec::no_cluster, "cluster",
          "no coordinator was found within "
              + readable_number(static_cast<double>(limit.count()) / 1000)
              + " s",
          "check --seed and that a node runs there"};
}

failure outcome_unknown(const std::string& address) {
  return {ec::worker_lost, "coordinator " + address,
          "it went away before it answered, so whether this was done is not "
          "known",
          "look with `troupe job` or `troupe nodes` before you try again"};
}

failure no_answer(const std::string& address, std::chrono::milliseconds limit) {
  return {ec::worker_lost, "coordinator " + address,
          "it did not answer within "
              + readable_number(static_cast<double>(limit.count()) / 1000)
              + " s",
          "see the log of its node"};
}

std::string address_of(const found_coordinator& x) {
  return to_string(endpoint{x.host, x.port});
}

/// Asks in the place of a thread, so that Ctrl-C and the end of the link can
/// end the wait. Who is dead answers nothing: the link will say so, and that is
/// what the thread waits for.
template <class T, class Put, class... Ts>
caf::actor spawn_asker(caf::actor_system& system, const found_coordinator& whom,
                       std::chrono::milliseconds limit, Put put,
                       const Ts&... message) {
  return system.spawn([=](caf::event_based_actor* self) {
    self->request(whom.coordinator, limit, message...)
        .then(
            [=](const T& x) {
              put(x);
              self->quit();
            },
            [=](const caf::error& error) {
              if (error == caf::sec::request_timeout)
                put(no_answer(address_of(whom), limit));
              else if (error != caf::sec::request_receiver_down)
                put(from_caf(error));
              self->quit();
            });
  });
}

/// A job's key when its user gave none; any text that nobody else has.
std::string random_key() {
  return "client-" + to_string(make_job_id());
}

} // namespace

cluster_client::cluster_client(caf::actor_system& system, finder_actor finder,
                               client_patience patience, link_listener listener)
    : system_(system), patience_(patience),
      desk_(std::make_shared<client_desk>()),
      link_(system.spawn(client_link, std::move(finder), desk_,
                         std::move(listener))) {}

cluster_client::~cluster_client() {
  caf::anon_send_exit(link_, caf::exit_reason::user_shutdown);
}

outcome<client_desk::standing>
cluster_client::meet(std::chrono::milliseconds limit) {
  client_desk::standing seen;
  desk_->wait(client_desk::clock::now() + limit,
              [&](const client_desk::standing& now) {
                seen = now;
                return now.interrupted || now.coordinator.has_value();
              });
  if (seen.interrupted)
    return interrupted();
  if (!seen.coordinator)
    return nobody_found(seen, limit);
  return seen;
}

/// Asks one coordinator and waits. `lost` tells whether it went meanwhile.
template <class T, class... Ts>
outcome<T> cluster_client::ask_once(const client_desk::standing& whom,
                                    bool& lost, const Ts&... message) {
  auto box = std::make_shared<std::optional<outcome<T>>>();
  auto put = [desk = desk_, box](outcome<T> x) {
    desk->change([&](client_desk::standing&) { *box = std::move(x); });
  };
  auto asker = spawn_asker<T>(system_, *whom.coordinator, patience_.answer, put,
                              message...);
  // The actor's own time limit is the one that counts.
  auto deadline =
      client_desk::clock::now() + patience_.answer + std::chrono::seconds{1};
  auto address = address_of(*whom.coordinator);
  outcome<T> result{no_answer(address, patience_.answer)};
  lost = false;
  desk_->wait(deadline, [&](const client_desk::standing& now) {
    if (box->has_value()) {
      result = std::move(**box);
      return true;
    }
    lost = !now.coordinator || now.meeting != whom.meeting;
    if (now.interrupted)
      result = interrupted();
    else if (lost)
      result = outcome_unknown(address);
    return lost || now.interrupted;
  });
  // It would keep the actor system alive until its request times out.
  caf::anon_send_exit(asker, caf::exit_reason::kill);
  return result;
}

template <class T, class... Ts>
outcome<T> cluster_client::ask(repeat policy, const Ts&... message) {
  // A coordinator that dies of this very question is not asked for ever.
  constexpr int most_tries = 5;
  for (int tries = 1;; ++tries) {
    auto whom = meet(patience_.search);
    if (!whom)
      return whom.error();
    bool lost = false;
    auto result = ask_once<T>(*whom, lost, message...);
    if (!lost || policy == repeat::never || tries == most_tries
        || (!result && result.error().code == ec::cancelled))
      return result;
  }
}

outcome<job_id> cluster_client::submit(job_request request) {
  if (request.key.empty())
    request.key = random_key();
  return ask<job_id>(repeat::when_lost, atom::submit_v, request);
}

outcome<job_report> cluster_client::job(const job_id& id) {
  return ask<job_report>(repeat::when_lost, atom::get_v, id);
}

outcome<std::vector<job_summary>> cluster_client::list(const job_query& query) {
  return ask<std::vector<job_summary>>(repeat::when_lost, atom::list_v, query);
}

outcome<std::vector<log_line>> cluster_client::logs(const job_id& id) {
  return ask<std::vector<log_line>>(repeat::when_lost, atom::logs_v, id);
}

outcome<std::vector<member>> cluster_client::nodes() {
  return ask<std::vector<member>>(repeat::when_lost, atom::nodes_v);
}

outcome<profile> cluster_client::caps(const std::string& node) {
  return ask<profile>(repeat::when_lost, atom::caps_v, node);
}

outcome<job_id> cluster_client::order(job_order what, const job_id& id) {
  switch (what) {
    case job_order::cancel:
      return ask<job_id>(repeat::never, atom::cancel_v, id);
    case job_order::pause:
      return ask<job_id>(repeat::never, atom::pause_v, id);
    case job_order::resume:
      return ask<job_id>(repeat::never, atom::resume_v, id);
    case job_order::retry:
      return ask<job_id>(repeat::never, atom::retry_v, id);
    default:
      return ask<job_id>(repeat::never, atom::forget_v, id);
  }
}

outcome<job_id> cluster_client::migrate(const job_id& id,
                                        const std::string& node) {
  return ask<job_id>(repeat::never, atom::migrate_v, id, node);
}

outcome<std::string> cluster_client::order(node_order what,
                                           const std::string& node) {
  if (what == node_order::drain)
    return ask<std::string>(repeat::never, atom::drain_v, node);
  return ask<std::string>(repeat::never, atom::undrain_v, node);
}

void cluster_client::interrupt() {
  desk_->change([](client_desk::standing& now) { now.interrupted = true; });
}

void cluster_client::forgive() {
  desk_->change([](client_desk::standing& now) { now.interrupted = false; });
}

bool cluster_client::rest(std::chrono::milliseconds time) {
  return desk_->wait(
      client_desk::clock::now() + time,
      [](const client_desk::standing& now) { return now.interrupted; });
}

std::string cluster_client::address() const {
  auto now = desk_->look();
  return now.coordinator ? address_of(*now.coordinator) : "";
}

} // namespace troupe
