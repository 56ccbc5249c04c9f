#include "actors/seed_search.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace troupe {

std::string to_string(const seed& x) {
  auto port = std::to_string(x.port);
  if (x.host.find(':') != std::string::npos)
    return '[' + x.host + "]:" + port;
  return x.host + ':' + port;
}

seed seed_from_string(const std::string& text) {
  auto colon = text.rfind(':');
  if (colon == std::string::npos)
    return {};
  seed result{text.substr(0, colon), 0};
  const auto* end = text.data() + text.size();
  auto parsed = std::from_chars(text.data() + colon + 1, end, result.port);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    return {};
  auto& host = result.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return result;
}

seed_search::seed_search(const std::vector<seed>& seeds) {
  for (const auto& x : seeds)
    visits_.emplace(x, visit{});
}

std::vector<seed> seed_search::first() const {
  std::vector<seed> result;
  for (const auto& [at, asked] : visits_)
    result.push_back(at);
  return result;
}

bool seed_search::led_to(const seed& from, const seed& next) {
  auto hops = visits_[from].hops + 1;
  if (next == from) {
    failed(from,
           {ec::no_cluster, "", "it names itself and has no coordinator", ""});
    return false;
  }
  if (visits_.contains(next)) {
    // Whatever comes of asking that one is the reason.
    visits_[from].open = false;
    return false;
  }
  if (hops > max_hops) {
    failed(from,
           {ec::no_cluster, "",
            "it leads on to " + to_string(next) + ", and so did others before",
            ""});
    return false;
  }
  visits_[from].open = false;
  visits_.emplace(next, visit{hops, true});
  return true;
}

void seed_search::failed(const seed& at, failure why) {
  visits_[at].open = false;
  reasons_.insert_or_assign(at, std::move(why));
}

bool seed_search::exhausted() const {
  return std::none_of(visits_.begin(), visits_.end(),
                      [](const auto& x) { return x.second.open; });
}

failure seed_search::verdict() const {
  if (visits_.empty())
    return {ec::no_cluster, "seeds", "there are none",
            "name a node of the cluster"};
  failure result{ec::no_cluster, "", "", ""};
  for (const auto& [at, why] : reasons_) {
    if (why.code == ec::protocol_mismatch)
      result.code = why.code;
    if (result.advice.empty())
      result.advice = why.advice;
    if (reasons_.size() == 1) {
      result.subject = to_string(at);
      result.cause = why.cause;
      return result;
    }
    result.cause +=
        (result.cause.empty() ? "" : ", ") + to_string(at) + ": " + why.cause;
  }
  result.subject = "cluster";
  result.cause = "no seed leads to the coordinator (" + result.cause + ")";
  return result;
}

} // namespace troupe
