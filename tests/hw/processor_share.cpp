#define CAF_SUITE processor_share

#include "hw/processor_share.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <thread>

#include <caf/test/unit_test.hpp>

#include <sched.h>

using namespace troupe;

namespace {

std::vector<uint32_t> first_processors(size_t count) {
  std::vector<uint32_t> result(count);
  std::iota(result.begin(), result.end(), 0u);
  return result;
}

size_t usable_now() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof(set), &set) == 0
             ? static_cast<size_t>(CPU_COUNT(&set))
             : 0;
}

} // namespace

CAF_TEST(a share is rounded down and never nothing) {
  auto count = [](size_t processors, uint32_t percent) {
    return choose_processors(first_processors(processors), percent, "a").size();
  };
  CAF_CHECK_EQUAL(count(8, 50), 4u);
  CAF_CHECK_EQUAL(count(8, 99), 7u);
  CAF_CHECK_EQUAL(count(8, 1), 1u);
  CAF_CHECK_EQUAL(count(1, 50), 1u);
  CAF_CHECK_EQUAL(count(8, 100), 8u);
}

CAF_TEST(a share consists of processors that may be used) {
  std::vector<uint32_t> usable{1, 5, 9, 200, 4000};
  std::set<uint32_t> starts;
  for (auto name : {"alpha", "beta", "gamma", "delta", "epsilon"}) {
    auto share = choose_processors(usable, 40, name);
    CAF_CHECK_EQUAL(share.size(), 2u);
    CAF_CHECK(std::ranges::includes(usable, share));
    starts.insert(share.front());
  }
  // Nodes of one machine don't all choose the same.
  CAF_CHECK(starts.size() > 1);
}

CAF_TEST(a thread and its children keep to the share) {
  // In a thread of its own, so that the others keep all processors.
  size_t before = 0;
  size_t after = 0;
  size_t of_child = 0;
  std::thread{[&] {
    before = usable_now();
    if (!use_share_of_processors(50, "alpha"))
      return;
    after = usable_now();
    std::thread{[&] { of_child = usable_now(); }}.join();
  }}.join();
  CAF_CHECK(before > 0);
  CAF_CHECK(after == std::max<size_t>(before / 2, 1));
  CAF_CHECK_EQUAL(of_child, after);
  CAF_CHECK_EQUAL(usable_now(), before);
}
