#include "tests/simulation/scheduler.hpp"

#include <algorithm>
#include <utility>

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/execution_unit.hpp>
#include <caf/exit_reason.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/system_messages.hpp>

namespace troupe::simulation {

namespace {

/// How often, out of a hundred times, the order is kept.
constexpr uint64_t keeps_order = 60;

/// What an actor runs on; whom it wakes joins the others.
class turn : public caf::execution_unit {
public:
  explicit turn(simulated_scheduler& owner)
      : caf::execution_unit(&owner.system()), owner_(owner) {}

  void exec_later(caf::resumable* job) override { owner_.jobs.push_back(job); }

private:
  simulated_scheduler& owner_;
};

} // namespace

std::optional<instant> process_clock::next() const {
  if (schedule_.empty())
    return std::nullopt;
  return schedule_.begin()->first;
}

void process_clock::advance_to(instant when) {
  if (when > current_time)
    current_time = when;
  trigger_expired_timeouts();
}

void simulated_scheduler::run_one(random_source& random) {
  if (jobs.empty())
    return;
  auto chosen = jobs.begin();
  if (jobs.size() > 1 && !random.percent(keeps_order))
    chosen += static_cast<ptrdiff_t>(random.below(jobs.size()));
  auto job = *chosen;
  jobs.erase(chosen);
  meet(job);
  resume(job);
}

void simulated_scheduler::resume(caf::resumable* job) {
  turn here{*this};
  switch (job->resume(&here, 1)) {
    case caf::resumable::resume_later:
      jobs.push_back(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(job);
      break;
    case caf::resumable::shutdown_execution_unit:
      break;
  }
}

void simulated_scheduler::meet(caf::resumable* job) {
  auto actor = dynamic_cast<caf::abstract_actor*>(job);
  if (!actor || actor->getf(caf::abstract_actor::is_initialized_flag))
    return;
  known_.emplace_back(actor->ctrl());
  if (known_.size() < tidy_at_)
    return;
  std::erase_if(known_, [](const auto& x) { return !x.lock(); });
  tidy_at_ = std::max<size_t>(256, 2 * known_.size());
}

void simulated_scheduler::kill_all() {
  do {
    // Those that never had a turn are met on the way to their end.
    for (auto job : jobs)
      meet(job);
    for (const auto& x : std::exchange(known_, {}))
      if (auto actor = x.lock())
        actor->enqueue(nullptr,
                       caf::make_message_id(caf::message_priority::high),
                       caf::make_message(caf::exit_msg{actor->address(),
                                                       caf::exit_reason::kill}),
                       nullptr);
    while (!jobs.empty()) {
      auto job = jobs.front();
      jobs.pop_front();
      meet(job);
      resume(job);
    }
  } while (!known_.empty());
  clock_.cancel_all();
}

} // namespace troupe::simulation
