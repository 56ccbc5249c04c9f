#include "messages/ids.hpp"

#include <chrono>
#include <random>

namespace troupe {

namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr size_t text_size = 36;

bool is_dash(size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

} // namespace

job_id make_job_id(uint64_t unix_ms, uint64_t random_high,
                   uint64_t random_low) {
  constexpr uint64_t version_7 = 7;
  constexpr uint64_t variant_10 = 2;
  return {(unix_ms << 16) | (version_7 << 12) | (random_high & 0xfff),
          (variant_10 << 62) | (random_low >> 2)};
}

job_id make_job_id() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  std::random_device device;
  auto draw = [&device] { return uint64_t{device()} << 32 | device(); };
  return make_job_id(
      static_cast<uint64_t>(duration_cast<milliseconds>(now).count()), draw(),
      draw());
}

std::string to_string(const job_id& id) {
  std::string result;
  result.reserve(text_size);
  for (auto half : {id.high, id.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      if (is_dash(result.size()))
        result += '-';
      result += digits[(half >> shift) & 0xf];
    }
  }
  return result;
}

std::optional<job_id> parse_job_id(std::string_view text) {
  if (text.size() != text_size)
    return std::nullopt;
  job_id result;
  int count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_dash(i)) {
      if (text[i] != '-')
        return std::nullopt;
      continue;
    }
    auto value = digits.find(text[i]);
    if (value == std::string_view::npos)
      return std::nullopt;
    auto& half = count++ < 16 ? result.high : result.low;
    half = half << 4 | value;
  }
  return result;
}

std::string to_string(const attempt_id& id) {
  return to_string(id.job) + '/' + std::to_string(id.task) + '/'
         + std::to_string(id.number);
}

} // namespace troupe
