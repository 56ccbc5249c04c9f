#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/job_machine.hpp"
#include "messages/cluster.hpp"
#include "tests/actors/fixture.hpp"

/// Stubs for whom the COORDINATOR and its JOBs speak with.
namespace troupe::test {

/// What the JOURNAL was told, by a stub in its place. What it answers is
/// durable; what it holds back is not.
struct told_journal {
  journal_image image;
  std::vector<submitted_job> submitted;
  std::vector<journal_change> changes;
  std::map<job_id, remembered_job> ended; ///< what it remembers of those
  std::map<std::string, job_id> keys;
  bool holds = false;                        ///< answers nothing until told to
  std::optional<failure> refusal;            ///< of whatever is to be written
  std::deque<std::function<void()>> waiting; ///< answers held back

  /// The last record of a job that was written.
  std::optional<job_record> record(const job_id& id) const {
    std::optional<job_record> result;
    for (const auto& change : changes)
      for (const auto& x : change.jobs)
        if (x.id == id)
          result = x;
    return result;
  }

  /// The last record of an attempt that was written.
  std::optional<attempt_record> record(const attempt_id& id) const {
    std::optional<attempt_record> result;
    for (const auto& change : changes)
      for (const auto& x : change.attempts)
        if (x.id == id)
          result = x;
    return result;
  }
};

template <class T>
caf::result<T> write(journal_actor::pointer self, told_journal* to, T answer) {
  if (to->refusal)
    return to_caf(*to->refusal);
  if (!to->holds)
    return answer;
  auto promise = self->make_response_promise<T>();
  to->waiting.push_back([=]() mutable { promise.deliver(answer); });
  return promise;
}

/// Answers what it held back on `tick`, one at a time.
inline journal_actor::behavior_type journal_stub(journal_actor::pointer self,
                                                 told_journal* to) {
  auto none = [](const job_id& id) {
    return to_caf({ec::not_found, to_string(id), "no such job", ""});
  };
  return {
      [=](atom::load) {
        return std::make_shared<const journal_image>(to->image);
      },
      [=](atom::submit, const submitted_job& x) {
        auto id = x.id;
        if (const auto& key = x.request.key; !key.empty())
          id = to->keys.try_emplace(key, id).first->second;
        if (id == x.id)
          to->submitted.push_back(x);
        return write<job_id>(self, to, id);
      },
      [=](atom::append, const journal_change& x) {
        to->changes.push_back(x);
        return write<bool>(self, to, true);
      },
      [=](atom::get, const job_id& id) -> caf::result<job_report> {
        auto found = to->ended.find(id);
        if (found == to->ended.end())
          return none(id);
        auto result = queued_report(found->second.job);
        result.state = found->second.record.state;
        return result;
      },
      [=](atom::list, const job_query&) {
        std::vector<job_summary> result;
        for (const auto& [id, x] : to->ended)
          result.push_back(summarize(queued_report(x.job)));
        return result;
      },
      [=](atom::logs, const job_id& id) {
        return std::vector<log_line>{{id, 1, "a line"}};
      },
      [=](atom::retry, const job_id& id)
          -> caf::result<std::shared_ptr<const remembered_job>> {
        auto found = to->ended.find(id);
        if (found == to->ended.end())
          return none(id);
        return std::make_shared<const remembered_job>(found->second);
      },
      [](atom::commit) {},
      [=](atom::tick) {
        if (to->waiting.empty())
          return;
        auto answer = std::move(to->waiting.front());
        to->waiting.pop_front();
        answer();
      },
  };
}

/// A CAPABILITY_PROBE that knows what works.
struct known_encoders {
  std::vector<std::string> working{"libx264", "libx265", "libsvtav1"};
  std::vector<std::string> asked;
  std::optional<failure> refusal;
  bool silent = false;
};

inline capability_probe_actor::behavior_type
known_probe(capability_probe_actor::pointer self, known_encoders* to) {
  return {
      [=](atom::probe,
          const std::string& name) -> caf::result<encoder_capability> {
        to->asked.push_back(name);
        if (to->silent)
          return self->make_response_promise<encoder_capability>();
        if (to->refusal)
          return to_caf(*to->refusal);
        encoder_capability result;
        result.name = name;
        result.reason = "no device";
        for (const auto& x : to->working)
          result.works = result.works || x == name;
        return result;
      },
      [](atom::describe) { return profile{}; },
      [](atom::event) {},
      [](atom::tick) {},
  };
}

/// A MEMBERSHIP that writes down the rows it is told.
inline membership_actor::behavior_type
member_stub(membership_actor::pointer self, std::vector<member>* rows) {
  return {
      [=](atom::hello, uint32_t, const std::string&, const std::string&)
          -> caf::result<bool, std::string, std::string, uint16_t> {
        return {true, std::string{}, std::string{}, uint16_t{0}};
      },
      [=](atom::lead) {
        return self->make_response_promise<coordinator_actor>();
      },
      [=](atom::members, const std::vector<member>& xs) {
        rows->insert(rows->end(), xs.begin(), xs.end());
      },
      [](atom::enlist, const placed_worker&) {},
      [](atom::lead, const coordinator_actor&) {},
      [](atom::describe, const profile&) {},
      [=](atom::nodes) { return *rows; },
      [](atom::leave, uint64_t) { return true; },
      [](atom::tick) {},
  };
}

/// A node's actors, and what they were told.
struct node_stub {
  node_key key;
  told_worker heard;
  known_encoders known;
  worker_actor worker;
  capability_probe_actor probe;

  node_stub(actor_fixture& in, const std::string& name)
      : key{name, 1}, worker(in.track(in.sys.spawn(worker_stub, &heard))),
        probe(in.track(in.sys.spawn(known_probe, &known))) {}

  placed_worker place() const { return {key, worker, probe, 1, 2}; }
};

} // namespace troupe::test
