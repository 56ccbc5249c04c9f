#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace troupe {

/// Days that certificates are valid for, unless told otherwise.
inline constexpr uint32_t authority_days = 3650;
inline constexpr uint32_t leaf_days = 825;
inline constexpr uint32_t most_certificate_days = 36'500;

/// What was made.
struct issued_certificate {
  std::string certificate; ///< its file
  std::string key;         ///< the file of its private key, mode 0600
  std::chrono::system_clock::time_point expires;
};

/// True for a name that a certificate can be issued for: that of a node.
bool is_certificate_name(std::string_view name);

/// Makes a cluster's own CA: ca.pem and ca.key in `folder`, which is made too
/// when it isn't there. Nothing that exists is overwritten.
/// @param name of the CA, for people
/// @param days 1 to `most_certificate_days`
/// Codes: usage, cannot_create, disk_full, internal.
outcome<issued_certificate>
init_authority(const std::string& folder, const std::string& name,
               uint32_t days, std::chrono::system_clock::time_point now);

/// Issues a certificate for a node or client, signed by the CA of `folder`:
/// NAME.pem and NAME.key in the same folder. It is good for both ends of a
/// connection, and not beyond the CA's own end. Nothing is overwritten.
/// Codes: usage, no_input when there is no CA, bad_certificate when the CA's
/// files are wrong or it has expired, cannot_create, disk_full, internal.
outcome<issued_certificate>
issue_certificate(const std::string& folder, const std::string& name,
                  uint32_t days, std::chrono::system_clock::time_point now);

} // namespace troupe
