#include "tests/simulation/world.hpp"

#include <algorithm>
#include <optional>

namespace troupe::simulation {

namespace {

/// Nothing needs so many messages at one moment.
constexpr uint64_t most_steps = 200'000;

} // namespace

process& world::start(const std::string& host, const std::string& address) {
  auto number = ++last_number_;
  surroundings around{time_, wires_, random_, [this](std::string what) {
                        complaints.push_back(std::move(what));
                      }};
  auto made =
      std::make_unique<process>(std::move(around), number, host, address);
  return *processes_.emplace(number, std::move(made)).first->second;
}

void world::end(process& which) {
  std::erase_if(countdowns_, [&](const auto& x) { return x.who == &which; });
  std::erase_if(processes_,
                [&](const auto& x) { return x.second.get() == &which; });
}

void world::after_steps(const process& which, uint64_t steps,
                        std::function<void()> what) {
  countdowns_.push_back(
      {const_cast<process*>(&which), which.steps() + steps, std::move(what)});
}

process* world::next_to_run() {
  std::vector<process*> able;
  for (const auto& [number, x] : processes_)
    if (x->can_run())
      able.push_back(x.get());
  return able.empty() ? nullptr : able[random_.below(able.size())];
}

void world::fire_steps() {
  // What is done may end processes, and with them other countdowns.
  for (size_t i = 0; i < countdowns_.size();) {
    if (countdowns_[i].who->steps() < countdowns_[i].at) {
      ++i;
      continue;
    }
    auto what = std::move(countdowns_[i].what);
    countdowns_.erase(countdowns_.begin() + static_cast<ptrdiff_t>(i));
    what();
    i = 0;
  }
}

bool world::settle() {
  for (uint64_t steps = 0; auto who = next_to_run(); ++steps) {
    if (steps >= most_steps) {
      complaints.emplace_back("messages go round in circles");
      return false;
    }
    who->run_one();
    watch();
    fire_steps();
  }
  return true;
}

bool world::run_for(duration time) {
  auto until = time_.now() + time;
  for (;;) {
    if (!settle())
      return false;
    if (time_.fire_one()) {
      watch();
      continue;
    }
    auto next = time_.next();
    for (const auto& [number, x] : processes_)
      if (auto timeout = x->next_timeout();
          timeout && (!next || *timeout < *next))
        next = timeout;
    if (!next || *next > until)
      break;
    time_.set_now(std::max(time_.now(), *next));
    for (const auto& [number, x] : processes_)
      x->catch_up();
  }
  time_.set_now(until);
  for (const auto& [number, x] : processes_)
    x->catch_up();
  return settle();
}

} // namespace troupe::simulation
