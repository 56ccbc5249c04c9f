#include "actors/probe_trial.hpp"

#include "actors/warm_up.hpp"
#include "encode/encoders.hpp"

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr auto cheap_patience = 10s;

/// A slow encoder at 1080p and 4K on a busy machine. What it proved before
/// counts all the same.
constexpr auto thorough_patience = 30s;

} // namespace

std::vector<probe_trial> all_trials(bool thorough) {
  std::vector<probe_trial> result{probe_trial{}};
  for (const auto& entry : video_encoders())
    result.push_back({std::string{entry.name}, thorough});
  return result;
}

std::chrono::seconds patience_for(const probe_trial& what) {
  return what.thorough ? thorough_patience : cheap_patience;
}

session::start_request start_of(const probe_trial& what,
                                const session_limits& limits) {
  session::start_request result;
  result.limits = limits;
  auto warm = encoders_to_warm({what.encoder});
  result.warm_encoders.assign(warm.begin(), warm.end());
  return result;
}

session::request request_of(const probe_trial& what) {
  if (what.encoder.empty())
    return session::libraries_request{};
  session::probe_request result;
  result.encoder = what.encoder;
  result.codec = capability_of(what.encoder).codec;
  result.thorough = what.thorough;
  return result;
}

encoder_capability capability_of(const std::string& encoder) {
  encoder_capability result;
  result.name = encoder;
  if (auto entry = find_video_encoder(encoder)) {
    result.codec = entry->codec;
    result.kind = entry->hardware ? "hardware" : "software";
  }
  return result;
}

} // namespace troupe
