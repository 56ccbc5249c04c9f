#include "actors/capability_probe.hpp"

#include <algorithm>
#include <variant>

#include <caf/result.hpp>
#include <caf/send.hpp>

#include "actors/probe_trial.hpp"
#include "actors/session_failure.hpp"
#include "encode/containers.hpp"
#include "encode/encoders.hpp"
#include "hw/machine.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

using probe_pointer =
    capability_probe_actor::stateful_pointer<capability_probe_state>;
using trial_iterator = std::list<running_trial>::iterator;

/// Trials measure speed, so they don't crowd each other out.
constexpr size_t max_running = 2;
bool done(const capability_probe_state& state, const probe_trial& what) {
  return what.encoder.empty() ? state.libraries.has_value()
                              : state.known.contains(what);
}

bool in_hand(const capability_probe_state& state, const probe_trial& what) {
  return std::find(state.waiting.begin(), state.waiting.end(), what)
             != state.waiting.end()
         || std::any_of(state.running.begin(), state.running.end(),
                        [&](const auto& x) { return x.what == what; });
}

profile describe(const capability_probe_state& state) {
  auto result = describe_machine(state.config.data_path);
  result.libraries = state.versions;
  for (const auto& entry : video_encoders())
    result.encoders.push_back(
        state.known.at({std::string{entry.name}, state.config.thorough}));
  result.decoders = state.libraries->decoders;
  for (const auto& container : containers())
    result.formats.emplace_back(container.name);
  return result;
}

/// Answers whoever can be answered now.
void answer(capability_probe_state& state) {
  for (auto i = state.askers.begin(); i != state.askers.end();) {
    auto found = state.known.find(i->first);
    if (found == state.known.end()) {
      ++i;
      continue;
    }
    i->second.deliver(found->second);
    i = state.askers.erase(i);
  }
  auto all = all_trials(state.config.thorough);
  if (state.readers.empty()
      || !std::all_of(all.begin(), all.end(),
                      [&](const auto& x) { return done(state, x); }))
    return;
  auto whole = describe(state);
  for (auto& reader : state.readers)
    reader.deliver(whole);
  state.readers.clear();
}

/// No session can be had at all: nobody's question can be answered, and
/// nothing is learned about any encoder.
void give_up(capability_probe_state& state, const failure& why) {
  state.waiting.clear();
  state.running.clear();
  for (auto& [what, asker] : state.askers)
    asker.deliver(to_caf(why));
  state.askers.clear();
  for (auto& reader : state.readers)
    reader.deliver(to_caf(why));
  state.readers.clear();
}

outcome<void> start(probe_pointer self, const probe_trial& what) {
  auto& state = self->state;
  auto me = caf::actor_cast<caf::actor_addr>(self);
  auto line = session_line::open(
      state.config.start, start_of(what, state.config.limits), [me] {
        if (auto strong = caf::actor_cast<capability_probe_actor>(me))
          caf::anon_send(strong, atom::event_v);
      });
  if (!line)
    return line.error();
  // When the session doesn't take it, its end is on the way.
  line->send(request_of(what), {});
  auto patience = patience_for(what);
  state.running.push_back(
      {what, std::move(*line), self->clock().now() + patience, {}});
  self->delayed_send(self, patience, atom::tick_v);
  return {};
}

void start_waiting(probe_pointer self) {
  auto& state = self->state;
  while (state.running.size() < max_running && !state.waiting.empty()) {
    auto what = state.waiting.front();
    state.waiting.pop_front();
    if (auto started = start(self, what); !started)
      return give_up(state, started.error());
  }
}

/// The trial is over, and its session with it.
void conclude(capability_probe_state& state, trial_iterator trial,
              encoder_capability proved) {
  auto what = trial->what;
  state.running.erase(trial);
  if (what.encoder.empty())
    state.libraries.emplace();
  else
    state.known.insert_or_assign(what, std::move(proved));
}

/// What opened small works, even if a later and larger trial went wrong.
void conclude_badly(capability_probe_state& state, trial_iterator trial,
                    std::string reason) {
  if (auto so_far = std::exchange(trial->so_far, {}); so_far && so_far->works)
    return conclude(state, trial, std::move(*so_far));
  auto proved = capability_of(trial->what.encoder);
  proved.reason = std::move(reason);
  conclude(state, trial, std::move(proved));
}

/// Takes what one trial's session said.
struct trial_handler {
  capability_probe_state& state;
  trial_iterator trial;

  /// True when the trial is over.
  bool operator()(session::event& x) { return std::visit(*this, x); }

  bool operator()(session::hello& x) {
    if (x.version == session::protocol_version) {
      state.versions = std::move(x.libraries);
      return false;
    }
    give_up(state, {ec::protocol_mismatch, "troupe-session",
                    "speaks another version of the session protocol",
                    "install troupe and troupe-session together"});
    return true;
  }

  bool operator()(session::probed& x) {
    if (x.capability.name != trial->what.encoder)
      return false;
    // What it is stands in our table; what it can do, the session saw.
    auto known = capability_of(trial->what.encoder);
    x.capability.codec = known.codec;
    x.capability.kind = known.kind;
    x.capability.reason = harmless(x.capability.reason);
    if (!x.final) {
      trial->so_far = std::move(x.capability);
      return false;
    }
    conclude(state, trial, std::move(x.capability));
    return true;
  }

  bool operator()(session::libraries& x) {
    state.running.erase(trial);
    state.libraries = std::move(x);
    return true;
  }

  bool operator()(session::refused& x) {
    auto error = failure_of_refusal(x.error, trial->what.encoder, "");
    conclude_badly(state, trial, error.cause);
    return true;
  }

  bool operator()(session::exited& x) {
    conclude_badly(state, trial, failure_of_end(x, trial->what.encoder).cause);
    return true;
  }

  bool operator()(session::inspected&) { return false; }
  bool operator()(session::progress&) { return false; }
  bool operator()(session::encoded&) { return false; }
  bool operator()(session::escapes&) { return false; }
};

/// Reads what one session said so far. @returns true when its trial is over
bool drain(capability_probe_state& state, trial_iterator trial) {
  while (auto heard = trial->line.next())
    if (std::visit(trial_handler{state, trial}, *heard))
      return true;
  if (!trial->line.babbling())
    return false;
  conclude_badly(state, trial, "its session said more than it was asked for");
  return true;
}

void listen(probe_pointer self) {
  auto& state = self->state;
  for (auto i = state.running.begin(); i != state.running.end();) {
    auto next = std::next(i);
    // A protocol mismatch ends all of them.
    if (drain(state, i) && state.running.empty())
      break;
    i = next;
  }
  answer(state);
  start_waiting(self);
}

void end_late_trials(probe_pointer self) {
  auto& state = self->state;
  auto now = self->clock().now();
  for (auto i = state.running.begin(); i != state.running.end();) {
    auto next = std::next(i);
    if (now >= i->deadline)
      conclude_badly(state, i,
                     "no answer within "
                         + std::to_string(patience_for(i->what).count())
                         + " s");
    i = next;
  }
  answer(state);
  start_waiting(self);
}

caf::result<encoder_capability> probe(probe_pointer self,
                                      const std::string& encoder) {
  auto& state = self->state;
  if (!find_video_encoder(encoder))
    return to_caf({ec::not_found, encoder, "is no encoder that troupe knows",
                   "`troupe probe` lists those that it does"});
  for (auto thorough : {true, false})
    if (auto found = state.known.find({encoder, thorough});
        found != state.known.end())
      return found->second;
  probe_trial what{encoder, false};
  auto promise = self->make_response_promise<encoder_capability>();
  state.askers.emplace(what, promise);
  // A job waits for it; those for a profile can wait.
  if (!in_hand(state, what))
    state.waiting.push_front(what);
  start_waiting(self);
  return promise;
}

caf::result<profile> describe_all(probe_pointer self) {
  auto& state = self->state;
  auto promise = self->make_response_promise<profile>();
  state.readers.push_back(promise);
  for (const auto& what : all_trials(state.config.thorough))
    if (!done(state, what) && !in_hand(state, what))
      state.waiting.push_back(what);
  answer(state);
  start_waiting(self);
  return promise;
}

} // namespace

capability_probe_actor::behavior_type
capability_probe(probe_pointer self, capability_probe_config config) {
  self->state.config = std::move(config);
  return {
      [=](atom::probe, const std::string& encoder) {
        return probe(self, encoder);
      },
      [=](atom::describe) { return describe_all(self); },
      [=](atom::event) { listen(self); },
      [=](atom::tick) { end_late_trials(self); },
  };
}

} // namespace troupe
