#pragma once

#include <cstdint>
#include <string_view>

#include "messages/media.hpp"
#include "messages/outcome.hpp"

/// Reads numbers with units as people write them. Strict: the whole text must
/// be the quantity. Every refusal has code usage, the option as its subject,
/// the text as found, and what is allowed.
namespace troupe {

/// A whole number between `low` and `high`, both included.
outcome<uint64_t> parse_count(std::string_view option, std::string_view text,
                              uint64_t low, uint64_t high);

/// A decimal number, which may be negative: "23", "17.5".
outcome<double> parse_number(std::string_view option, std::string_view text);

/// Bytes: "4GB" (10^9), "4GiB" (2^30), "500M", "123456".
outcome<uint64_t> parse_size(std::string_view option, std::string_view text);

/// Bits per second, above zero: "5M", "192k", "2.5M", "128000".
outcome<int64_t> parse_bit_rate(std::string_view option, std::string_view text);

/// Seconds: "90", "90s", "5m", "1.5h", "500ms"; not negative.
outcome<double> parse_duration(std::string_view option, std::string_view text);

/// Seconds as `parse_duration` reads them, above 0.
outcome<double> parse_patience(std::string_view option, std::string_view text);

/// Frames per second, above 0 to 1000: "25", "24000/1001". The decimals of the
/// NTSC rates mean the exact ones: "23.976" is 24000/1001.
outcome<rational> parse_frame_rate(std::string_view option,
                                   std::string_view text);

/// Lines of a rendition: "1080p" or "1080"; 16 to 16384.
outcome<uint32_t> parse_rendition(std::string_view option,
                                  std::string_view text);

} // namespace troupe
