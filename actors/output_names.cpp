#include "actors/output_names.hpp"

#include <algorithm>
#include <charconv>

namespace troupe {

namespace {

constexpr std::string_view suffix = ".partial";
constexpr size_t id_size = 36;

/// Leaves room for job, attempt and suffix within the 255 bytes that file
/// systems allow.
constexpr size_t max_stem_bytes = 180;

/// FNV-1a, 64 bits, in hexadecimal digits.
std::string digest_of(const std::string& text) {
  uint64_t sum = 0xcbf29ce484222325;
  for (auto byte : text)
    sum = (sum ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  std::string result(16, '0');
  for (auto digit = result.rbegin(); digit != result.rend(); ++digit, sum >>= 4)
    *digit = "0123456789abcdef"[sum & 15];
  return result;
}

/// The name; a long one is cut at the border of a UTF-8 character, and told
/// from others that begin alike by a digest: renditions differ at the end.
std::string stem_of(const std::string& name) {
  constexpr size_t digest_bytes = 17;
  if (name.size() <= max_stem_bytes)
    return name;
  auto size = max_stem_bytes - digest_bytes;
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xc0) == 0x80)
    --size;
  return name.substr(0, size) + '~' + digest_of(name);
}

/// Reads ATTEMPT.partial.
std::optional<uint32_t> number_in(std::string_view text) {
  if (!text.ends_with(suffix))
    return std::nullopt;
  text.remove_suffix(suffix.size());
  uint32_t result = 0;
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return result;
}

} // namespace

std::string partial_name(const std::string& name, const attempt_id& attempt) {
  return '.' + stem_of(name) + '.' + to_string(attempt.job) + '-'
         + std::to_string(attempt.number) + std::string{suffix};
}

bool is_partial_name(std::string_view text, const std::string& name,
                     const job_id& job) {
  auto prefix = '.' + stem_of(name) + '.' + to_string(job) + '-';
  return text.starts_with(prefix) && number_in(text.substr(prefix.size()));
}

std::optional<attempt_id> attempt_in(std::string_view partial_name) {
  auto dash = partial_name.rfind('-');
  // '.', at least one byte of NAME, '.', the id.
  if (dash == std::string_view::npos || dash < id_size + 3
      || partial_name[0] != '.' || partial_name[dash - id_size - 1] != '.')
    return std::nullopt;
  auto job = parse_job_id(partial_name.substr(dash - id_size, id_size));
  auto number = number_in(partial_name.substr(dash + 1));
  if (!job || !number)
    return std::nullopt;
  return attempt_id{*job, 0, *number};
}

} // namespace troupe
