#include "actors/encoder_choice.hpp"

namespace troupe {

const std::string* encoder_choice::next() const {
  auto open = !chosen_.works && gave_up_.code == ec::none;
  return open && tried_ < candidates_.size() ? &candidates_[tried_] : nullptr;
}

void encoder_choice::heard(const encoder_capability& proved) {
  const auto& name = candidates_.at(tried_++);
  if (proved.works) {
    chosen_ = proved;
    return;
  }
  if (!reasons_.empty())
    reasons_ += ", ";
  reasons_ += name + " (" + proved.reason + ')';
}

void encoder_choice::gave_up(failure why) {
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
