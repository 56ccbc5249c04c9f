#include "tests/simulation/client.hpp"

#include <chrono>
#include <utility>

#include <caf/typed_event_based_actor.hpp>

#include "messages/types.hpp"

namespace troupe::simulation {

namespace {

using namespace std::chrono_literals;
using client_pointer = caf::stateful_actor<client_state>*;

constexpr auto answer_patience = 5s;
constexpr auto pause = 300ms;

/// What a user has at hand.
struct desk {
  client_pointer self;
  finder_actor finder;
  std::string name;
  ledger* book;
  history* told;

  void note(const std::string& what) const { told->note(name, what); }
};

std::string job_name(uint32_t input) {
  return "job " + std::to_string(input);
}

/// Refusals that pass.
bool passes(ec code) {
  return code == ec::worker_lost || code == ec::disk_full
         || code == ec::overloaded || code == ec::no_cluster
         || code == ec::journal_failed || code == ec::superseded;
}

observer_actor::behavior_type observer(observer_actor::pointer, desk at,
                                       uint32_t input) {
  return {
      [=](atom::update, const job_report& report) {
        auto& job = at.book->jobs.at(input);
        if (!is_final(report.state)) {
          if (job.announced && job.count(wish::retry) == 0)
            at.told->violation(job_name(input) + " was announced as "
                               + std::string{to_string(*job.announced)}
                               + " and is "
                               + std::string{to_string(report.state)});
          return;
        }
        if (report.error.code == ec::not_found && job.count(wish::remove) > 0)
          return;
        at.note(job_name(input) + " is said to be "
                + std::string{to_string(report.state)});
        if (job.announced && *job.announced != report.state
            && job.count(wish::retry) == 0)
          at.told->violation(job_name(input) + " ended twice, differently");
        job.announced = report.state;
      },
  };
}

void watch(const desk& at, uint32_t input) {
  auto& state = at.self->state;
  const auto& job = at.book->jobs.at(input);
  if (!state.coordinator || !job.acknowledged)
    return;
  auto eyes = at.self->system().spawn(observer, at, input);
  at.self->send(state.coordinator, atom::watch_v, *job.acknowledged, eyes);
}

void acknowledged(const desk& at, uint32_t input, const job_id& id) {
  auto& state = at.self->state;
  auto& job = at.book->jobs.at(input);
  state.wanted.erase(input);
  if (job.acknowledged && *job.acknowledged != id)
    at.told->violation(job_name(input) + " was acknowledged as "
                       + to_string(*job.acknowledged) + " and as "
                       + to_string(id));
  for (const auto& [number, other] : at.book->jobs)
    if (number != input && other.acknowledged == id)
      at.told->violation(job_name(input) + " and " + job_name(number)
                         + " have one id");
  if (std::exchange(job.acknowledged, id))
    return;
  at.note(job_name(input) + " is " + to_string(id));
  if (state.watched.insert(input).second)
    watch(at, input);
}

void submit(const desk& at, uint32_t input) {
  auto self = at.self;
  const auto& job = at.book->jobs.at(input);
  // An earlier try's answer went missing, and the next one's didn't; since then
  // its key may be forgotten with the job.
  if (job.acknowledged && job.count(wish::remove) > 0)
    return;
  if (!self->state.coordinator)
    return; // whoever finds one hands in what is wanted
  self->request(self->state.coordinator, answer_patience, atom::submit_v,
                job.request)
      .then([=](const job_id& id) { acknowledged(at, input, id); },
            [=](const caf::error& error) {
              auto why = from_caf(error);
              at.note(job_name(input)
                      + " isn't acknowledged: " + to_string(why));
              if (!passes(why.code))
                at.told->violation(job_name(input)
                                   + " was refused: " + to_string(why));
              else
                self->delayed_send(self, pause, atom::submit_v, input);
            });
}

void find(const desk& at);

void found(const desk& at, const found_coordinator& x) {
  auto& state = at.self->state;
  at.note("found the coordinator");
  state.coordinator = x.coordinator;
  at.self->monitor(state.coordinator);
  for (auto input : std::set<uint32_t>{state.wanted})
    submit(at, input);
  for (auto input : state.watched)
    watch(at, input);
}

void find(const desk& at) {
  auto self = at.self;
  self->request(at.finder, 10s, atom::find_v)
      .then([=](const found_coordinator& x) { found(at, x); },
            [=](const caf::error&) {
              self->delayed_send(self, pause, atom::find_v);
            });
}

/// Writes down what became of a wish.
template <class Response>
void hear(const desk& at, uint32_t input, wish what, Response pending) {
  // Until the answer it may have been granted.
  ++at.book->jobs.at(input).in_doubt[what];
  auto label = std::string{to_string(what)} + " of " + job_name(input);
  pending.then(
      [=](const job_id&) {
        auto& job = at.book->jobs.at(input);
        --job.in_doubt[what];
        ++job.granted[what];
        if (what == wish::retry)
          job.announced.reset();
        at.note(label + " is granted");
      },
      [=](const caf::error& error) {
        auto why = from_caf(error);
        at.note(label + ": " + to_string(why));
        if (why.code != ec::worker_lost)
          --at.book->jobs.at(input).in_doubt[what];
      });
}

void ask(const desk& at, wish what, uint32_t input, const std::string& text) {
  auto self = at.self;
  auto& state = self->state;
  const auto& job = at.book->jobs.at(input);
  if (!state.coordinator || !job.acknowledged)
    return;
  auto id = *job.acknowledged;
  auto plain = [&](auto verb) {
    hear(at, input, what,
         self->request(state.coordinator, answer_patience, verb, id));
  };
  switch (what) {
    case wish::cancel:
      return plain(atom::cancel_v);
    case wish::pause:
      return plain(atom::pause_v);
    case wish::resume:
      return plain(atom::resume_v);
    case wish::retry:
      return plain(atom::retry_v);
    case wish::remove:
      return plain(atom::forget_v);
    case wish::migrate:
      return hear(at, input, what,
                  self->request(state.coordinator, answer_patience,
                                atom::migrate_v, id, text));
  }
}

template <class Verb>
void ask_about_node(const desk& at, Verb verb, const std::string& node) {
  auto self = at.self;
  if (!self->state.coordinator)
    return;
  self->request(self->state.coordinator, answer_patience, verb, node)
      .then([=](const std::string& x) { at.note("drain/undrain of " + x); },
            [=](const caf::error& error) {
              at.note("drain/undrain of " + node + ": "
                      + to_string(from_caf(error)));
            });
}

void ask_about_jobs(const desk& at) {
  auto self = at.self;
  if (!self->state.coordinator)
    return;
  for (const auto& [number, job] : at.book->jobs) {
    if (!job.acknowledged || (job.report && is_final(job.report->state)))
      continue;
    auto input = number;
    self->request(self->state.coordinator, answer_patience, atom::get_v,
                  *job.acknowledged)
        .then([=](const job_report& x) { at.book->jobs.at(input).report = x; },
              [=](const caf::error& error) {
                auto why = from_caf(error);
                if (why.code == ec::not_found
                    && at.book->jobs.at(input).count(wish::remove) == 0)
                  at.told->violation(job_name(input)
                                     + " was acknowledged and isn't known");
              });
  }
}

} // namespace

caf::behavior client(client_pointer self, finder_actor finder, std::string name,
                     ledger* book, history* told) {
  desk at{self, std::move(finder), std::move(name), book, told};
  self->set_down_handler([=](const caf::down_msg& down) {
    if (down.source != self->state.coordinator)
      return;
    at.note("lost the coordinator");
    self->state.coordinator = nullptr;
    find(at);
  });
  find(at);
  return {
      [=](atom::find) { find(at); },
      [=](atom::submit, uint32_t input) {
        self->state.wanted.insert(input);
        submit(at, input);
      },
      [=](atom::run, wish what, uint32_t input, const std::string& text) {
        ask(at, what, input, text);
      },
      [=](atom::drain, const std::string& node) {
        ask_about_node(at, atom::drain_v, node);
      },
      [=](atom::undrain, const std::string& node) {
        ask_about_node(at, atom::undrain_v, node);
      },
      [=](atom::list) { ask_about_jobs(at); },
  };
}

} // namespace troupe::simulation
