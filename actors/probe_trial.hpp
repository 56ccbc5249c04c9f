#pragma once

#include <chrono>
#include <compare>
#include <string>
#include <vector>

#include "encode/session_protocol.hpp"

namespace troupe {

/// One question to one session of its own.
struct probe_trial {
  std::string encoder;   ///< "": what can the libraries do?
  bool thorough = false; ///< up to 4K, and with the clock running

  friend auto operator<=>(const probe_trial&, const probe_trial&) = default;
};

/// Everything that a whole profile must ask.
std::vector<probe_trial> all_trials(bool thorough);

/// How long a session may take to answer.
std::chrono::seconds patience_for(const probe_trial& what);

/// The first record of the trial's session.
session::start_request start_of(const probe_trial& what,
                                const session_limits& limits);

/// The question itself.
session::request request_of(const probe_trial& what);

/// What our table says of an encoder; whether it works is not known yet.
encoder_capability capability_of(const std::string& encoder);

} // namespace troupe
