#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/simulation/scenario.hpp"

// Plays seeds, and says which of them broke a promise.

namespace {

using namespace troupe::simulation;

struct arguments {
  uint64_t first = 1;
  uint64_t count = 100;
  bool one = false; ///< a single seed, with its history
  bool trace = false;
  bool twice = false; ///< every seed is played again and must go the same way
};

[[noreturn]] void explain() {
  std::fputs("usage: troupe-simulation [--seeds N] [--first K] [--twice]\n"
             "       troupe-simulation --seed X [--trace]\n",
             stderr);
  std::exit(64);
}

arguments read(int argc, char** argv) {
  arguments result;
  for (int i = 1; i < argc; ++i) {
    std::string_view word{argv[i]};
    auto number = [&] {
      if (++i >= argc)
        explain();
      return std::strtoull(argv[i], nullptr, 10);
    };
    if (word == "--seeds")
      result.count = number();
    else if (word == "--first")
      result.first = number();
    else if (word == "--seed") {
      result.first = number();
      result.count = 1;
      result.one = true;
    } else if (word == "--trace")
      result.trace = true;
    else if (word == "--twice")
      result.twice = true;
    else
      explain();
  }
  return result;
}

void print(const verdict& x, bool with_history) {
  if (with_history)
    for (const auto& line : x.history)
      std::printf("%s\n", line.c_str());
  std::printf("seed %llu (%s): %s\n", static_cast<unsigned long long>(x.seed),
              to_string(x.kind).c_str(),
              x.violations.empty() ? "all promises were kept" : "FAILED");
  for (const auto& line : x.violations)
    std::printf("  %s\n", line.c_str());
}

} // namespace

int main(int argc, char** argv) {
  auto how = read(argc, argv);
  auto begun = std::chrono::steady_clock::now();
  double simulated_s = 0;
  std::string failed;
  for (uint64_t i = 0; i < how.count; ++i) {
    auto x = play(how.first + i, how.trace);
    simulated_s += x.simulated_s;
    if (how.twice && play(how.first + i, false).digest != x.digest)
      x.violations.emplace_back("a second time it went another way");
    if (!x.violations.empty())
      failed += ' ' + std::to_string(x.seed);
    if (!x.violations.empty() || how.one)
      print(x, how.one && !how.trace);
  }
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::printf("%llu seeds from %llu in %.1f s: %.1f seeds/s, %.0f s simulated "
              "per second\n",
              static_cast<unsigned long long>(how.count),
              static_cast<unsigned long long>(how.first), took.count(),
              static_cast<double>(how.count) / took.count(),
              simulated_s / took.count());
  if (failed.empty())
    return 0;
  std::printf("failed:%s\nplay one again with: troupe-simulation --seed N\n",
              failed.c_str());
  return 1;
}
