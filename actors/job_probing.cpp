#include <caf/make_message.hpp>

#include "actors/job.hpp"
#include "actors/job_steps.hpp"
#include "encode/planner.hpp"
#include "encode/validate.hpp"
#include "messages/types.hpp"

namespace troupe::job_steps {

namespace {

using namespace std::chrono_literals;

/// Longer than a trial may take, as others may be before it.
constexpr auto probe_patience = 60s;

/// What the planner says, in words that name the file.
outcome<encode_plan> plan_of(const job_spec& spec, const media_info& media,
                             const encoder_capability& encoder,
                             uint32_t threads_of_place) {
  auto threads = spec.what.threads > 0 ? spec.what.threads : threads_of_place;
  auto result = make_plan(spec, media, {encoder, threads});
  if (!result) {
    auto& subject = result.error().subject;
    subject = subject.empty() ? spec.input : spec.input + ", " + subject;
  }
  return result;
}

/// Asks the worker's machine for one candidate after the other.
void try_encoders(job_pointer self, const attempt_id& attempt) {
  auto& state = self->state;
  auto found = state.probes.find(attempt);
  auto where = state.places.find(attempt);
  if (found == state.probes.end() || where == state.places.end())
    return; // its end is known by now
  const auto* candidate = found->second.encoder.next();
  if (candidate == nullptr)
    return plan(self, attempt);
  auto name = *candidate;
  auto node = where->second.node.name;
  self->request(where->second.probe, probe_patience, atom::probe_v, name)
      .then(
          [=](const encoder_capability& proved) {
            auto& probes = self->state.probes;
            if (auto asked = probes.find(attempt); asked != probes.end()) {
              asked->second.encoder.heard(name, proved);
              try_encoders(self, attempt);
            }
          },
          [=](const caf::error& error) {
            auto& probes = self->state.probes;
            if (auto asked = probes.find(attempt); asked != probes.end()) {
              asked->second.encoder.gave_up(name, no_answer(error, node));
              plan(self, attempt);
            }
          });
}

} // namespace

void begin_probe(job_pointer self, const attempt_id& attempt) {
  auto& state = self->state;
  probing made;
  made.encoder = encoder_choice{candidate_encoders(state.machine->spec())};
  state.probes.insert_or_assign(attempt, std::move(made));
  try_encoders(self, attempt);
}

void plan(job_pointer self, const attempt_id& attempt) {
  auto& state = self->state;
  auto& machine = *state.machine;
  auto found = state.probes.find(attempt);
  auto where = state.places.find(attempt);
  if (machine.ended() || found == state.probes.end()
      || where == state.places.end() || !found->second.media
      || !found->second.encoder.settled())
    return;
  auto encoder = found->second.encoder.result();
  if (!encoder)
    return failed(self, attempt, encoder.error());
  auto planned = plan_of(machine.spec(), *found->second.media, *encoder,
                         where->second.threads);
  if (!planned)
    return failed(self, attempt, planned.error());
  auto place = where->second;
  state.places.erase(where);
  state.probes.clear();
  machine.finish(attempt, now_ms(self));
  machine.set_plan(std::move(*planned), now_ms(self));
  abandon_others(self, attempt);
  machine.settle_pause();
  auto goes_on = machine.record().wish == job_wish::run && !state.ending;
  commit(self, [=] {
    self->send(place.worker, atom::ack_v, attempt, self->state.config.epoch);
    if (!goes_on)
      drop_slot(self, place);
    end_if_idle(self);
    if (self->state.machine->tasks().alive().empty())
      tell(self); // else whatever runs does so once it is written
  });
  // On the same slot, where the session is warm. Only the coordinator hears of
  // it, whose reign ends with the journal's; the attempt that follows is
  // written behind the plan and often with it, and the worker is told then.
  if (goes_on)
    want_next(self);
}

} // namespace troupe::job_steps
