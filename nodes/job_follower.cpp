#include "nodes/job_follower.hpp"

#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace troupe {

namespace {

/// Reports come by themselves; the question after so long without one is for
/// the case that one was lost.
constexpr std::chrono::seconds longest_silence{10};

observer_actor::behavior_type
job_observer(observer_actor::pointer, const std::shared_ptr<client_desk>& desk,
             const std::shared_ptr<std::optional<job_report>>& box) {
  return {
      [=](atom::update, const job_report& report) {
        desk->change([&](client_desk::standing&) { *box = report; });
      },
  };
}

} // namespace

job_follower::job_follower(cluster_client& client, const job_id& id)
    : client_(client), id_(id),
      box_(std::make_shared<std::optional<job_report>>()),
      observer_(
          client.system().spawn(job_observer, client.shared_desk(), box_)) {}

job_follower::~job_follower() {
  caf::anon_send_exit(observer_, caf::exit_reason::kill);
}

/// Makes the observer known to a coordinator that doesn't know it, and asks how
/// the job stands: `watch` itself is never answered.
outcome<job_report> job_follower::meet_again() {
  auto limit =
      meeting_ == 0 ? client_.patience().search : client_.patience().absence;
  auto whom = client_.meet(limit);
  if (!whom)
    return whom.error();
  meeting_ = whom->meeting;
  caf::anon_send(whom->coordinator->coordinator, atom::watch_v, id_, observer_);
  return client_.job(id_);
}

outcome<job_report> job_follower::next() {
  for (;;) {
    bool stop = false;
    bool met = false;
    std::optional<job_report> report;
    client_.desk().wait(client_desk::clock::now() + longest_silence,
                        [&](const client_desk::standing& now) {
                          stop = now.interrupted;
                          met = now.coordinator && now.meeting == meeting_;
                          report = std::exchange(*box_, std::nullopt);
                          return stop || !met || report.has_value();
                        });
    if (stop)
      return failure{ec::cancelled, to_string(id_), "interrupted", ""};
    if (report)
      return *report;
    if (met)
      return client_.job(id_);
    auto now = meet_again();
    // It went again while it was asked: then its successor is asked.
    if (now || now.error().code != ec::worker_lost)
      return now;
  }
}

} // namespace troupe
