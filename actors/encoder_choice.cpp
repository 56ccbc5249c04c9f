#include "actors/encoder_choice.hpp"

namespace troupe {

const std::string* encoder_choice::next() const {
  auto open = !chosen_.works && gave_up_.code == ec::none;
  return open && tried_ < candidates_.size() ? &candidates_[tried_] : nullptr;
}

bool encoder_choice::is_next(const std::string& candidate) const {
  const auto* expected = next();
  return expected != nullptr && *expected == candidate;
}

void encoder_choice::heard(const std::string& candidate,
                           const encoder_capability& proved) {
  if (!is_next(candidate))
    return;
  ++tried_;
  if (proved.works) {
    chosen_ = proved;
    return;
  }
  if (!reasons_.empty())
    reasons_ += ", ";
  reasons_ += candidate + " (" + proved.reason + ')';
}

void encoder_choice::gave_up(const std::string& candidate, failure why) {
  if (is_next(candidate))
    gave_up_ = std::move(why);
}

outcome<encoder_capability> encoder_choice::result() const {
  if (gave_up_.code != ec::none)
    return gave_up_;
  if (chosen_.works || candidates_.empty())
    return chosen_;
  return failure{ec::encoder_unavailable, candidates_.front(),
                 "no encoder works here: " + reasons_,
                 "`troupe probe` lists those that do"};
}

} // namespace troupe
