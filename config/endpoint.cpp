#include "config/endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <arpa/inet.h>

namespace troupe {

namespace {

constexpr size_t most_of_name = 253;
constexpr size_t most_of_label = 63;

bool is_letter_or_digit(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z');
}

bool is_address(int family, std::string_view text) {
  in6_addr space{};
  // What stands behind a zero would be overlooked.
  if (text.find('\0') != std::string_view::npos)
    return false;
  return ::inet_pton(family, std::string{text}.c_str(), &space) == 1;
}

bool is_label(std::string_view text) {
  auto allowed = [](unsigned char c) {
    // Underscores are no part of DNS names, yet container names have them.
    return is_letter_or_digit(c) || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= most_of_label && text.front() != '-'
         && text.back() != '-'
         && std::all_of(text.begin(), text.end(), allowed);
}

/// Digits and points only: what is meant as an address and isn't one.
bool looks_like_address(std::string_view text) {
  return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_name(std::string_view text) {
  if (text.ends_with('.'))
    text.remove_suffix(1);
  if (text.empty() || text.size() > most_of_name || looks_like_address(text))
    return false;
  while (true) {
    auto point = text.find('.');
    if (!is_label(text.substr(0, point)))
      return false;
    if (point == std::string_view::npos)
      return true;
    text.remove_prefix(point + 1);
  }
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  auto end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || rest != end || port == 0)
    return std::nullopt;
  return port;
}

/// Host and what follows it, "" or ":PORT".
std::optional<std::pair<std::string_view, std::string_view>>
split(std::string_view text) {
  if (text.starts_with('[')) {
    auto close = text.find(']');
    if (close == std::string_view::npos
        || !is_address(AF_INET6, text.substr(1, close - 1)))
      return std::nullopt;
    return std::pair{text.substr(1, close - 1), text.substr(close + 1)};
  }
  auto colon = std::min(text.find(':'), text.size());
  if (!is_address(AF_INET, text.substr(0, colon))
      && !is_name(text.substr(0, colon)))
    return std::nullopt;
  return std::pair{text.substr(0, colon), text.substr(colon)};
}

} // namespace

outcome<endpoint> parse_endpoint(std::string_view subject,
                                 std::string_view text, uint16_t port) {
  auto refuse = [&] {
    return failure{ec::usage, std::string{subject},
                   "\"" + std::string{text} + "\" is no HOST:PORT",
                   "allowed is a host name or address and a port of 1 to "
                   "65535, such as 10.0.0.5:7400 or [::1]:7400"};
  };
  auto parts = split(text);
  if (!parts)
    return refuse();
  endpoint result;
  result.host = parts->first;
  result.port = port;
  if (parts->second.empty())
    return result;
  auto said = parts->second.starts_with(':')
                  ? parse_port(parts->second.substr(1))
                  : std::nullopt;
  if (!said)
    return refuse();
  result.port = *said;
  return result;
}

std::string to_string(const endpoint& x) {
  auto brackets = x.host.find(':') != std::string::npos;
  auto host = brackets ? '[' + x.host + ']' : x.host;
  return host + ':' + std::to_string(x.port);
}

bool is_host(std::string_view text) {
  return is_address(text) || is_name(text);
}

bool is_address(std::string_view text) {
  return is_address(AF_INET, text) || is_address(AF_INET6, text);
}

bool is_wildcard(std::string_view host) {
  return host == "0.0.0.0" || host == "::";
}

bool is_loopback(std::string_view host) {
  return (host.starts_with("127.") && is_address(AF_INET, host))
         || host == "::1" || host == "localhost";
}

} // namespace troupe
