#include "actors/job_id_source.hpp"

namespace troupe {

namespace {

/// RFC 9562: 48 bits of time, 4 of version, 12 that may count within a
/// millisecond.
constexpr uint64_t counter_mask = 0xfff;
constexpr int time_shift = 16;

} // namespace

job_id job_id_source::next(uint64_t unix_ms) {
  auto high = random_();
  auto made = make_job_id(unix_ms, high, random_());
  if (made.high <= last_.high) {
    made.high = last_.high;
    if ((made.high & counter_mask) != counter_mask)
      ++made.high;
    else
      made.high = make_job_id((last_.high >> time_shift) + 1, 0, 0).high;
  }
  last_ = made;
  return made;
}

} // namespace troupe
