#include "actors/retry_policy.hpp"

#include <algorithm>
#include <string>

namespace troupe {

namespace {

using std::chrono::milliseconds;

/// For a task that another node takes, or the same one in a moment.
constexpr milliseconds short_delay{100};
constexpr milliseconds longest_short_delay{10'000};

/// Nothing is wrong with the task: it never ran, or an attempt was abandoned
/// and the coordinator that knew why is gone. Somebody else will take it.
bool is_nobodys_fault(ec code) {
  return code == ec::no_slot || code == ec::draining || code == ec::handed_back
         || code == ec::stale_epoch || code == ec::cancelled;
}

/// @param first the delay after one try; doubles with each
milliseconds back_off(milliseconds first, milliseconds longest,
                      uint32_t tries) {
  auto delay = first;
  for (uint32_t i = 1; i < tries && delay < longest; ++i)
    delay *= 2;
  return std::min(delay, longest);
}

failure poison(const failure& last, const std::string& what) {
  return {ec::poison, last.subject, what + "; last: " + to_string(last),
          "see `troupe logs` and the input before `troupe retry`"};
}

} // namespace

bool is_permanent(ec code) {
  switch (code) {
    case ec::usage:
    case ec::bad_input:
    case ec::no_input:
    case ec::impossible_job:
    case ec::output_exists:
    case ec::cannot_create:
    case ec::time_limit:
    case ec::outside_roots:
    case ec::input_changed:
      return true;
    default:
      return false;
  }
}

bool blames_node(ec code) {
  switch (code) {
    case ec::encoder_unavailable:
    case ec::session_crashed:
    case ec::stalled:
    case ec::memory_limit:
    case ec::disk_full:
    case ec::verification_failed:
    case ec::io_error:
    case ec::protocol_mismatch:
    case ec::session_unavailable:
    case ec::internal:
      return true;
    default:
      return false;
  }
}

retry_ruling after_failure(const retry_limits& limits, retry_counts counts,
                           const failure& error) {
  retry_ruling result;
  result.error = error;
  result.counts = counts;
  if (is_nobodys_fault(error.code)) {
    result.what = retry_ruling::verdict::again;
    result.delay =
        back_off(short_delay, longest_short_delay, ++result.counts.refusals);
    return result;
  }
  result.counts.refusals = 0;
  if (is_permanent(error.code))
    return result;
  ++result.counts.tries;
  if (error.code == ec::session_crashed
      && ++result.counts.crashes >= limits.crashes) {
    // With a single attempt its own failure says more.
    if (limits.attempts > 1)
      result.error =
          poison(error, "brought down " + std::to_string(result.counts.crashes)
                            + " sessions");
    return result;
  }
  if (result.counts.tries >= limits.attempts)
    return result;
  result.what = retry_ruling::verdict::again;
  result.delay =
      back_off(limits.first_delay, limits.longest_delay, result.counts.tries);
  result.elsewhere = blames_node(error.code);
  return result;
}

retry_ruling after_loss(const retry_limits& limits, retry_counts counts,
                        const failure& error) {
  retry_ruling result;
  result.error = error;
  result.counts = counts;
  result.counts.refusals = 0;
  if (++result.counts.lost_nodes >= limits.lost_nodes) {
    if (limits.attempts > 1)
      result.error =
          poison(error, "lost " + std::to_string(result.counts.lost_nodes)
                            + " nodes that it ran on");
    return result;
  }
  if (limits.attempts <= 1)
    return result;
  result.what = retry_ruling::verdict::again;
  return result;
}

} // namespace troupe
