#include "tests/simulation/history.hpp"

#include <cstdio>

namespace troupe::simulation {

void history::note(const std::string& whom, const std::string& what) {
  char when[32];
  std::snprintf(when, sizeof(when), "%11.3f ms  ", time_.elapsed_ms());
  auto line = when + whom + ": " + what;
  while (!left_out_.empty()) {
    auto found = line.find(left_out_);
    if (found == std::string::npos)
      break;
    line.erase(found, left_out_.size());
  }
  for (auto c : line) // FNV-1a
    digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  if (prints_)
    std::fprintf(stderr, "%s\n", line.c_str());
  lines_.push_back(std::move(line));
}

void history::violation(const std::string& what) {
  violations_.push_back(what);
  note("VIOLATION", what);
}

} // namespace troupe::simulation
