#include "tests/simulation/timeline.hpp"

#include <algorithm>

namespace troupe::simulation {

double timeline::elapsed_ms() const {
  return static_cast<double>(now_.time_since_epoch().count() - 1'000'000'000)
         / 1e6;
}

appointment timeline::at(instant when, std::function<void()> what) {
  appointment result{std::max(when, now_), ++last_number_};
  planned_.emplace(result, std::move(what));
  return result;
}

appointment timeline::after(duration time, std::function<void()> what) {
  return at(now_ + time, std::move(what));
}

void timeline::cancel(const appointment& x) {
  planned_.erase(x);
}

std::optional<instant> timeline::next() const {
  if (planned_.empty())
    return std::nullopt;
  return planned_.begin()->first.when;
}

bool timeline::fire_one() {
  auto first = planned_.begin();
  if (first == planned_.end() || first->first.when > now_)
    return false;
  auto what = std::move(first->second);
  planned_.erase(first);
  what();
  return true;
}

} // namespace troupe::simulation
