#pragma once

#include <string>

#include <CLI/App.hpp>

#include "config/certificate_authority.hpp"
#include "nodes/verb_context.hpp"

namespace troupe {

/// `troupe ca init` and `troupe ca issue NAME`: a cluster's own CA, and the
/// certificates of its nodes and clients.
struct ca_verb {
  std::string folder;
  std::string name = "troupe cluster"; ///< of the CA
  std::string node;                    ///< or client, to issue for
  std::string days;                    ///< "" for the default
  bool json = false;
  CLI::App* init = nullptr; ///< the two verbs of this one
  CLI::App* issue = nullptr;

  /// Makes the verb known; the options are parsed into this object.
  CLI::App& add_to(CLI::App& app);

  /// Runs the verb. @returns the exit status
  int run(const verb_context& context) const;

private:
  void add_common(CLI::App& verb);
  outcome<issued_certificate> make() const;
};

} // namespace troupe
