#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/test/dsl.hpp>

#include "messages/interfaces.hpp"
#include "messages/types.hpp"
#include "tests/actors/fake_session.hpp"
#include "tests/actors/temporary_folder.hpp"

namespace troupe::test {

struct system_config : caf::actor_system_config {
  system_config() { register_types(*this); }
};

/// Actors on a scheduler that the test turns by hand, models in the sessions'
/// place, and a folder for files.
struct actor_fixture : test_coordinator_fixture<system_config> {
  temporary_folder folder;
  fake_sessions sessions;

  /// They must be dead before the actor system goes.
  std::vector<caf::actor> spawned;

  ~actor_fixture() {
    for (const auto& x : spawned)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  template <class Handle>
  Handle track(Handle x) {
    spawned.push_back(caf::actor_cast<caf::actor>(x));
    return x;
  }

  /// Lets time go by in small steps, as the actors see it.
  void pass(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds step{250};
    for (; time.count() > 0; time -= step) {
      sched.advance_time(std::min(step, time));
      sched.run();
    }
  }

  template <class Handle>
  bool dead(const Handle& x) {
    return caf::actor_cast<caf::abstract_actor*>(x)->getf(
        caf::abstract_actor::is_terminated_flag);
  }
};

/// What a JOB was told, by a stub in its place.
struct told_job {
  std::vector<task_progress> progress;
  std::vector<task_result> done;
  std::vector<failure> failed;
  std::vector<attempt_id> failed_ids; ///< of `failed`
  publish_grant grant{{}, true, {}};  ///< what it answers; attempt as asked
  bool answers = true;                ///< at all
  uint32_t asked = 0;                 ///< for leave to publish
};

/// A JOB that writes down what it hears. `to` outlives it. When it doesn't
/// answer, `expire` makes it give the answer to the last question after all.
inline job_actor::behavior_type job_stub(job_actor::pointer self,
                                         told_job* to) {
  using promise = caf::typed_response_promise<publish_grant>;
  auto owed = std::make_shared<std::pair<promise, publish_grant>>();
  return {
      [](atom::place, uint32_t, const placed_worker&) {},
      [=](atom::progress, const task_progress& x) {
        to->progress.push_back(x);
      },
      [=](atom::publish, const attempt_id& id) -> caf::result<publish_grant> {
        ++to->asked;
        auto answer = to->grant;
        answer.attempt = id;
        if (to->answers)
          return answer;
        *owed = {self->make_response_promise<publish_grant>(), answer};
        return owed->first;
      },
      [=](atom::done, const task_result& x) { to->done.push_back(x); },
      [=](atom::failed, const attempt_id& id, const failure& x) {
        to->failed_ids.push_back(id);
        to->failed.push_back(x);
      },
      [](atom::lost, const node_key&) {},
      [](atom::returned, const held_attempt&, const placed_worker&) {},
      [](atom::reign, const placed_worker&) {},
      [](atom::reign) {},
      [](atom::get) { return job_report{}; },
      [](atom::watch, const observer_actor&) {},
      [](atom::cancel) { return job_id{}; },
      [](atom::pause) { return job_id{}; },
      [](atom::resume) { return job_id{}; },
      [](atom::migrate, const std::string&) { return job_id{}; },
      [](atom::release) {},
      [=](atom::expire) { owed->first.deliver(owed->second); },
      [](atom::retry, uint32_t) {},
  };
}

/// What a WORKER was told, by a stub in its place.
struct told_worker {
  std::vector<task_spec> run;
  std::vector<job_actor> jobs;
  std::vector<attempt_id> cancelled;
  std::vector<attempt_id> adopted;
  std::vector<job_actor> adopters;
  std::vector<attempt_id> acknowledged;
  std::vector<job_id> released;
  std::vector<uint64_t> epochs; ///< of every command that carries one
  // From ENCODERs:
  std::vector<task_progress> progress;
  std::vector<attempt_id> asked; ///< for leave to publish
  std::vector<task_result> done;
  std::vector<failure> failed;
  std::vector<attempt_id> ended;

  uint32_t drains = 0;             ///< how often it was told to
  uint32_t handbacks = 0;          ///< "
  std::vector<held_attempt> holds; ///< what it reports
  std::optional<failure> refusal;  ///< of whatever it should run
  bool silent = false;             ///< when it should run something
};

/// A WORKER that writes down what it hears. `to` outlives it.
inline worker_actor::behavior_type worker_stub(worker_actor::pointer self,
                                               told_worker* to) {
  return {
      [=](atom::run, const task_spec& x,
          const job_actor& job) -> caf::result<attempt_id> {
        if (to->refusal)
          return to_caf(*to->refusal);
        to->run.push_back(x);
        to->jobs.push_back(job);
        to->epochs.push_back(x.epoch);
        if (to->silent)
          return self->make_response_promise<attempt_id>();
        return x.id;
      },
      [=](atom::cancel, const attempt_id& x, uint64_t epoch) {
        to->cancelled.push_back(x);
        to->epochs.push_back(epoch);
      },
      [=](atom::adopt, const attempt_id& x, const job_actor& job,
          uint64_t epoch) {
        to->adopted.push_back(x);
        to->adopters.push_back(job);
        to->epochs.push_back(epoch);
      },
      [=](atom::ack, const attempt_id& x, uint64_t epoch) {
        to->acknowledged.push_back(x);
        to->epochs.push_back(epoch);
      },
      [=](atom::release, const job_id& x, uint64_t epoch) {
        to->released.push_back(x);
        to->epochs.push_back(epoch);
      },
      [=](atom::reign, uint64_t epoch) { to->epochs.push_back(epoch); },
      [=](atom::report) { return to->holds; },
      [=](atom::drain) { ++to->drains; },
      [](atom::undrain) {},
      [=](atom::handback) { ++to->handbacks; },
      [=](atom::progress, const task_progress& x) {
        to->progress.push_back(x);
      },
      [=](atom::publish, const attempt_id& x) { to->asked.push_back(x); },
      [=](atom::done, const task_result& x) { to->done.push_back(x); },
      [=](atom::failed, const attempt_id&, const failure& x) {
        to->failed.push_back(x);
      },
      [=](atom::ended, const attempt_id& x) { to->ended.push_back(x); },
      [](atom::tick) {},
  };
}

/// An OBSERVER that writes down what it hears. `to` outlives it.
inline observer_actor::behavior_type
observer_stub(observer_actor::pointer, std::vector<job_report>* to) {
  return {
      [=](atom::update, const job_report& x) { to->push_back(x); },
  };
}

} // namespace troupe::test
