#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace troupe {

/// Where troupe listens unless told otherwise.
inline constexpr uint16_t default_port = 7400;

/// A place in the network that a node can be dialled at.
struct endpoint {
  std::string host;             ///< a name or an address; IPv6 without brackets
  uint16_t port = default_port; ///< 1 to 65535

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// Reads "HOST:PORT", "HOST", "[IPV6]:PORT" or "[IPV6]". Strict; a refusal has
/// code usage, `subject` as its subject, what was found, and what is allowed.
/// @param port of a text that has none
outcome<endpoint> parse_endpoint(std::string_view subject,
                                 std::string_view text,
                                 uint16_t port = default_port);

/// "HOST:PORT"; an IPv6 address in brackets.
std::string to_string(const endpoint& x);

/// True for a name of a host as DNS has it, or an address.
bool is_host(std::string_view text);

/// True for an address, IPv4 or IPv6 without brackets.
bool is_address(std::string_view text);

/// True for the addresses that stand for all of a machine's: "0.0.0.0", "::".
bool is_wildcard(std::string_view host);

/// True for addresses and names that never leave this machine: 127.0.0.0/8,
/// ::1, "localhost".
bool is_loopback(std::string_view host);

} // namespace troupe
