#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/tls_settings.hpp"
#include "messages/failure.hpp"

namespace troupe {

/// What was found out about a node's or client's certificate files.
struct certificate_findings {
  /// Why they can't be used: code bad_certificate, the file as subject. CAF
  /// must not be given files with mistakes: it aborts or hangs on them.
  std::vector<failure> mistakes;
  /// Certificates that expire within 30 days, for people.
  std::vector<std::string> warnings;
};

/// Checks that the three files are there, readable and well-formed, that the
/// key is kept from others and belongs to the certificate, that the CA is one
/// and signed it, and that both are valid at `now`.
certificate_findings
check_certificates(const tls_settings& files,
                   std::chrono::system_clock::time_point now);

} // namespace troupe
