#include "actors/join_machine.hpp"

namespace troupe {

void join_machine::joined() {
  pace_.reset();
  was_member_ = true;
  name_taken_since_.reset();
  last_reason_.clear();
}

join_verdict join_machine::refused(const failure& why, time_point now) {
  join_verdict result;
  result.give_up = unwelcome(why, now);
  result.worth_a_line = worth_a_line(why, now);
  if (!result.give_up)
    result.delay = pace_.next(static_cast<uint32_t>(random_()));
  return result;
}

bool join_machine::unwelcome(const failure& why, time_point now) {
  if (why.code != ec::name_taken) {
    name_taken_since_.reset();
    // A member waits for ever: its cluster may be in the middle of an upgrade.
    return !was_member_
           && (why.code == ec::protocol_mismatch || why.code == ec::conflict);
  }
  if (!name_taken_since_)
    name_taken_since_ = now;
  return now - *name_taken_since_ >= patience_for_name;
}

bool join_machine::worth_a_line(const failure& why, time_point now) {
  auto reason = to_string(why);
  if (reason == last_reason_ && now - last_line_ < line_interval)
    return false;
  last_reason_ = std::move(reason);
  last_line_ = now;
  return true;
}

} // namespace troupe
