#include "nodes/job_follower.hpp"

#include <optional>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace troupe {

namespace {

/// Reports come by themselves; the question after so long without any is for
/// the case that one was lost.
constexpr std::chrono::seconds longest_silence{10};

observer_actor::behavior_type
job_observer(observer_actor::pointer, const std::shared_ptr<client_desk>& desk,
             const std::shared_ptr<std::map<job_id, job_report>>& box) {
  return {
      [=](atom::update, const job_report& report) {
        desk->change(
            [&](client_desk::standing&) { (*box)[report.id] = report; });
      },
  };
}

} // namespace

job_follower::job_follower(cluster_client& client,
                           const std::vector<job_id>& ids)
    : client_(client), open_(ids.begin(), ids.end()),
      box_(std::make_shared<box>()),
      observer_(
          client.system().spawn(job_observer, client.shared_desk(), box_)) {}

job_follower::~job_follower() {
  caf::anon_send_exit(observer_, caf::exit_reason::kill);
}

/// Asks how the jobs stand that haven't ended.
outcome<void> job_follower::ask() {
  for (const auto& id : open_) {
    auto report = client_.job(id);
    if (!report)
      return report.error();
    client_.desk().change(
        [&](client_desk::standing&) { (*box_)[id] = std::move(*report); });
  }
  return {};
}

/// Makes the observer known to a coordinator that doesn't know it. `watch` is
/// never answered, so the jobs are asked for, too.
outcome<void> job_follower::meet() {
  auto limit =
      meeting_ == 0 ? client_.patience().search : client_.patience().absence;
  auto whom = client_.meet(limit);
  if (!whom)
    return whom.error();
  meeting_ = whom->meeting;
  for (const auto& id : open_)
    caf::anon_send(whom->coordinator->coordinator, atom::watch_v, id,
                   observer_);
  return ask();
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
                          if (!box_->empty())
                            report = std::move(
                                box_->extract(box_->begin()).mapped());
                          return stop || !met || report.has_value();
                        });
    if (stop)
      return failure{ec::cancelled, "", "interrupted", ""};
    if (report && !open_.contains(report->id))
      continue; // its end was told already
    if (report) {
      if (is_final(report->state))
        open_.erase(report->id);
      return *report;
    }
    auto asked = met ? ask() : meet();
    // It went again while it was asked: then its successor is asked.
    if (!asked && asked.error().code != ec::worker_lost)
      return asked.error();
  }
}

} // namespace troupe
