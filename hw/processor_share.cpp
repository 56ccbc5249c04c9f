#include "hw/processor_share.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include <sched.h>

namespace troupe {

namespace {

/// As many as the kernel can be built for.
constexpr uint32_t most_processors = 8192;

struct set_deleter {
  void operator()(cpu_set_t* x) const noexcept { CPU_FREE(x); }
};

const auto set_size = CPU_ALLOC_SIZE(most_processors);

/// FNV-1a: the same on every machine and in every run.
uint64_t hash_of(std::string_view text) {
  uint64_t result = 14695981039346656037u;
  for (unsigned char c : text)
    result = (result ^ c) * 1099511628211u;
  return result;
}

} // namespace

std::vector<uint32_t> choose_processors(const std::vector<uint32_t>& usable,
                                        uint32_t percent,
                                        std::string_view name) {
  auto count = std::max<size_t>(usable.size() * percent / 100, 1);
  auto first = hash_of(name) % usable.size();
  std::vector<uint32_t> result;
  for (size_t i = 0; i < std::min(count, usable.size()); ++i)
    result.push_back(usable[(first + i) % usable.size()]);
  std::ranges::sort(result);
  return result;
}

outcome<void> use_share_of_processors(uint32_t percent, std::string_view name) {
  if (percent >= 100)
    return {};
  auto refuse = [] {
    return failure{ec::bad_config, "limits.cpu-percent", std::strerror(errno),
                   "this machine allows 100 only"};
  };
  std::unique_ptr<cpu_set_t, set_deleter> set{CPU_ALLOC(most_processors)};
  if (!set || ::sched_getaffinity(0, set_size, set.get()) != 0)
    return refuse();
  std::vector<uint32_t> usable;
  for (uint32_t i = 0; i < most_processors; ++i)
    if (CPU_ISSET_S(i, set_size, set.get()))
      usable.push_back(i);
  CPU_ZERO_S(set_size, set.get());
  for (auto i : choose_processors(usable, percent, name))
    CPU_SET_S(i, set_size, set.get());
  if (::sched_setaffinity(0, set_size, set.get()) != 0)
    return refuse();
  return {};
}

} // namespace troupe
