#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "messages/cluster.hpp"
#include "messages/interfaces.hpp"
#include "messages/types.hpp"
#include "nodes/command_output.hpp"

namespace troupe::test {

/// What a fake coordinator does with the next message of some kind.
enum class deed : uint8_t {
  answer,
  die,        ///< without having done it
  do_and_die, ///< without an answer
  be_silent,
};

/// The facts of a fake cluster, which outlive its coordinators. Guarded by
/// `mutex`, as its actors run on threads of their own.
struct fake_facts {
  std::mutex mutex;
  caf::actor coordinator;  ///< none: the finder fails
  bool comes_back = false; ///< a coordinator that dies has a successor
  int failing_searches = 0;
  std::map<std::string, deed> deeds; ///< by verb; used up
  std::string deadly;                ///< a verb that every coordinator dies of
  std::vector<std::string> heard;    ///< "cancel ID"
  std::map<job_id, job_report> jobs;
  std::map<std::string, job_id> keys;
  std::map<job_id, std::vector<observer_actor>> observers;
  std::vector<member> nodes;
  std::vector<log_line> logs;
  profile caps;
};

using facts_ptr = std::shared_ptr<fake_facts>;

caf::behavior fake_coordinator(caf::event_based_actor* self,
                               const facts_ptr& facts);

/// Does what is planned for a verb. `work` runs under the lock and fills the
/// result or refuses.
template <class T>
caf::result<T> perform(caf::event_based_actor* self, const facts_ptr& facts,
                       const std::string& verb, const std::string& subject,
                       const std::function<outcome<T>()>& work) {
  std::lock_guard guard{facts->mutex};
  auto planned = verb == facts->deadly ? deed::die : deed::answer;
  if (auto found = facts->deeds.find(verb); found != facts->deeds.end()) {
    planned = found->second;
    facts->deeds.erase(found);
  }
  facts->heard.push_back(subject.empty() ? verb : verb + ' ' + subject);
  if (planned == deed::be_silent)
    return self->make_response_promise<T>();
  outcome<T> result = planned == deed::die ? outcome<T>{failure{}} : work();
  if (planned == deed::answer)
    return result ? caf::result<T>{*result}
                  : caf::result<T>{to_caf(result.error())};
  if (facts->comes_back)
    facts->coordinator = self->system().spawn(fake_coordinator, facts);
  else
    facts->coordinator = nullptr;
  auto unanswered = self->make_response_promise<T>();
  self->quit(caf::exit_reason::kill);
  return unanswered;
}

inline caf::behavior fake_coordinator(caf::event_based_actor* self,
                                      const facts_ptr& facts) {
  auto job_order = [=](const std::string& verb, const job_id& id) {
    return perform<job_id>(
        self, facts, verb, to_string(id), [=]() -> outcome<job_id> {
          auto found = facts->jobs.find(id);
          if (found == facts->jobs.end())
            return failure{ec::not_found, to_string(id), "no such job", ""};
          return id;
        });
  };
  auto node_order = [=](const std::string& verb, const std::string& node) {
    return perform<std::string>(
        self, facts, verb, node, [=]() -> outcome<std::string> {
          for (const auto& x : facts->nodes)
            if (x.card.key.name == node)
              return node;
          return failure{ec::not_found, node, "no such node", ""};
        });
  };
  return {
      [=](atom::submit, const job_request& x) {
        return perform<job_id>(
            self, facts, "submit", x.spec.input, [&]() -> outcome<job_id> {
              if (x.spec.input == "m:/refused")
                return failure{ec::impossible_job, "job", "refused", ""};
              auto [entry, is_new] =
                  facts->keys.emplace(x.key, job_id{1, facts->jobs.size() + 1});
              if (!is_new)
                return entry->second;
              auto& job = facts->jobs[entry->second];
              job.id = entry->second;
              job.spec = x.spec;
              return job.id;
            });
      },
      [=](atom::get, const job_id& id) {
        return perform<job_report>(
            self, facts, "get", to_string(id), [=]() -> outcome<job_report> {
              auto found = facts->jobs.find(id);
              if (found == facts->jobs.end())
                return failure{ec::not_found, to_string(id), "no such job", ""};
              return found->second;
            });
      },
      [=](atom::watch, const job_id& id, const observer_actor& who) {
        std::lock_guard guard{facts->mutex};
        facts->observers[id].push_back(who);
      },
      [=](atom::cancel, const job_id& id) { return job_order("cancel", id); },
      [=](atom::pause, const job_id& id) { return job_order("pause", id); },
      [=](atom::resume, const job_id& id) { return job_order("resume", id); },
      [=](atom::retry, const job_id& id) { return job_order("retry", id); },
      [=](atom::forget, const job_id& id) { return job_order("forget", id); },
      [=](atom::migrate, const job_id& id, const std::string& node) {
        return job_order("migrate " + node, id);
      },
      [=](atom::list, const job_query& query) {
        return perform<std::vector<job_summary>>(self, facts, "list", "", [=] {
          std::vector<job_summary> rows;
          for (const auto& [id, job] : facts->jobs)
            if (is_final(job.state) == query.ended && id > query.after
                && rows.size() < query.limit)
              rows.push_back(summarize(job));
          return outcome<std::vector<job_summary>>{rows};
        });
      },
      [=](atom::logs, const job_id& id) {
        return perform<std::vector<log_line>>(
            self, facts, "logs", to_string(id),
            [=] { return outcome<std::vector<log_line>>{facts->logs}; });
      },
      [=](atom::nodes) {
        return perform<std::vector<member>>(self, facts, "nodes", "", [=] {
          return outcome<std::vector<member>>{facts->nodes};
        });
      },
      [=](atom::caps, const std::string& node) {
        return perform<profile>(self, facts, "caps", node,
                                [=] { return outcome<profile>{facts->caps}; });
      },
      [=](atom::drain, const std::string& x) { return node_order("drain", x); },
      [=](atom::undrain, const std::string& x) {
        return node_order("undrain", x);
      },
  };
}

inline finder_actor::behavior_type fake_finder(finder_actor::pointer,
                                               const facts_ptr& facts) {
  return {
      [=](atom::find) -> caf::result<found_coordinator> {
        std::lock_guard guard{facts->mutex};
        if (facts->failing_searches > 0)
          --facts->failing_searches;
        else if (facts->coordinator)
          return found_coordinator{
              caf::actor_cast<coordinator_actor>(facts->coordinator),
              "127.0.0.1", 7400};
        return to_caf(
            {ec::no_cluster, "127.0.0.1:7400", "connection refused", ""});
      },
  };
}

/// A cluster of one fake coordinator on a real actor system: what blocks needs
/// threads.
class fake_cluster {
public:
  fake_cluster() : system_(config_), facts_(std::make_shared<fake_facts>()) {
    finder_ = system_.spawn(fake_finder, facts_);
  }

  ~fake_cluster() {
    stop();
    caf::anon_send_exit(finder_, caf::exit_reason::kill);
  }

  caf::actor_system& system() { return system_; }
  const finder_actor& finder() const { return finder_; }

  /// The facts, locked.
  template <class Do>
  auto with(Do work) {
    std::lock_guard guard{facts_->mutex};
    return work(*facts_);
  }

  void start() {
    with([this](fake_facts& x) {
      x.coordinator = system_.spawn(fake_coordinator, facts_);
    });
  }

  void stop() {
    caf::actor gone;
    with([&](fake_facts& x) { std::swap(gone, x.coordinator); });
    caf::anon_send_exit(gone, caf::exit_reason::kill);
  }

  void plan(const std::string& verb, deed what) {
    with([&](fake_facts& x) { x.deeds[verb] = what; });
  }

  std::vector<std::string> heard() {
    return with([](fake_facts& x) { return x.heard; });
  }

  /// Puts a job into the cluster, or its newest state.
  void put(const job_report& job) {
    with([&](fake_facts& x) { x.jobs[job.id] = job; });
  }

private:
  struct config : caf::actor_system_config {
    config() {
      register_types(*this);
      set("scheduler.policy", caf::atom("sharing"));
      set("scheduler.max-threads", size_t{2});
    }
  };

  config config_;
  caf::actor_system system_;
  facts_ptr facts_;
  finder_actor finder_;
};

/// Writes down what a command says.
struct captured_output : command_output {
  std::string text;                ///< data
  std::vector<std::string> lines;  ///< for people
  std::vector<failure> complaints; ///< errors
  bool broken = false;             ///< data can't be written

  outcome<void> data(std::string_view x) override {
    if (broken)
      return failure{ec::io_error, "standard output", "closed", ""};
    text += x;
    return {};
  }

  terminal_traits data_traits() const override { return {}; }
  void say(std::string_view line) override { lines.emplace_back(line); }
  void complain(const failure& x) override { complaints.push_back(x); }
  void show(const std::string&) override {}
  void clear() override {}
  terminal_traits traits() const override { return {}; }
  uint32_t columns() const override { return 80; }
};

} // namespace troupe::test
