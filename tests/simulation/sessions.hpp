#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "encode/session_process.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/timeline.hpp"

namespace troupe::simulation {

/// What a session does with an input.
enum class temper : uint8_t {
  good = 1,
  bad_input = 2, ///< it can't be read
  crashes = 3,   ///< it brings every session down
  flaky = 4,     ///< it brings some sessions down
  stalls = 5,    ///< no stage moves any more
};

/// What an input file says: each is its own script.
struct input_script {
  uint32_t number = 0; ///< of the input
  temper kind = temper::good;
  uint32_t encode_ms = 1000; ///< on an idle machine
};

/// The bytes of that input.
std::string to_input(const input_script& x);

/// The bytes that every attempt makes of that input.
std::string expected_output(uint32_t input);

/// One encode that a session began.
struct encode_run {
  uint32_t input = 0;
  std::string node;
  uint64_t process = 0; ///< of the node: its number
  instant begun;
  std::optional<instant> ended; ///< well, or with its session
  bool well = false;
};

/// Stands where the operating system would: sessions that are scripts.
class session_models {
public:
  session_models(timeline& time, random_source random, history& told)
      : time_(time), random_(random), told_(told) {}

  /// Starts sessions for a process.
  /// @param slots at once and not more
  session::starter starter(std::string node, uint64_t process, uint32_t slots);

  /// Every encode, in the order of their beginning.
  const std::vector<encode_run>& encodes() const { return encodes_; }

  /// Sessions that live.
  size_t alive(uint64_t process) const;

private:
  class model;
  class handle;

  timeline& time_;
  random_source random_;
  history& told_;
  std::vector<std::weak_ptr<model>> models_;
  std::vector<encode_run> encodes_;
};

} // namespace troupe::simulation
