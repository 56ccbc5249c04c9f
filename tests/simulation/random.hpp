#pragma once

#include <chrono>
#include <cstdint>

namespace troupe::simulation {

/// Numbers out of a seed: the same on every machine, unlike those of the
/// standard library's distributions (SplitMix64).
class random_source {
public:
  explicit random_source(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    auto x = state_;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }

  /// A number from 0 to `limit` - 1; 0 when the limit is 0.
  uint64_t below(uint64_t limit) { return limit == 0 ? 0 : next() % limit; }

  /// A number from `least` to `most`, both included.
  uint64_t between(uint64_t least, uint64_t most) {
    return least + below(most - least + 1);
  }

  std::chrono::nanoseconds between(std::chrono::nanoseconds least,
                                   std::chrono::nanoseconds most) {
    auto range = static_cast<uint64_t>((most - least).count());
    return least + std::chrono::nanoseconds{below(range + 1)};
  }

  /// True that many times out of a hundred.
  bool percent(uint64_t times) { return below(100) < times; }

  /// An independent source, so that one part's use of numbers doesn't change
  /// another's.
  random_source split() { return random_source{next()}; }

private:
  uint64_t state_;
};

} // namespace troupe::simulation
