#include "hw/load.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace troupe {

namespace {

/// The next line, taken off the front.
std::string_view take_line(std::string_view& text) {
  auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

/// The next number after blanks, taken off the front.
std::optional<uint64_t> take_number(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  uint64_t result = 0;
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return result;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

std::optional<processor_times> parse_stat(std::string_view text) {
  constexpr std::string_view key = "cpu ";
  while (!text.empty()) {
    auto line = take_line(text);
    if (!line.starts_with(key))
      continue;
    line.remove_prefix(key.size());
    // user nice system idle iowait irq softirq steal; what follows is contained
    // in user and nice.
    constexpr size_t idle = 3, iowait = 4;
    std::array<uint64_t, 8> ticks{};
    processor_times result;
    for (size_t i = 0; i < ticks.size(); ++i) {
      auto number = take_number(line);
      // Old kernels have fewer columns.
      if (!number && i <= idle)
        return std::nullopt;
      ticks[i] = number.value_or(0);
      result.total += ticks[i];
    }
    result.busy = result.total - ticks[idle] - ticks[iowait];
    return result;
  }
  return std::nullopt;
}

std::optional<uint64_t> parse_meminfo(std::string_view text) {
  constexpr std::string_view key = "MemAvailable:";
  while (!text.empty()) {
    auto line = take_line(text);
    if (!line.starts_with(key))
      continue;
    line.remove_prefix(key.size());
    if (auto kib = take_number(line))
      return *kib * 1024;
  }
  return std::nullopt;
}

double share_in_use(const processor_times& before, const processor_times& now) {
  if (now.total <= before.total || now.busy < before.busy)
    return 0;
  return std::min(static_cast<double>(now.busy - before.busy)
                      / static_cast<double>(now.total - before.total),
                  1.0);
}

load_sampler::load_sampler(std::filesystem::path proc)
    : proc_(std::move(proc)),
      last_(parse_stat(read_file(proc_ / "stat")).value_or(processor_times{})) {
}

double load_sampler::cpu() {
  auto now = parse_stat(read_file(proc_ / "stat"));
  return now ? share_in_use(std::exchange(last_, *now), *now) : 0;
}

uint64_t load_sampler::memory_free_bytes() const {
  return parse_meminfo(read_file(proc_ / "meminfo")).value_or(0);
}

} // namespace troupe
