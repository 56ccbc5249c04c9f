#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/media.hpp"

namespace troupe {

/// "subtitle stream 5 (hdmv_pgs_subtitle, deu)"
std::string describe(const stream_info& stream);

/// What a plan tells people. Every line is there once, however many outputs it
/// is true of.
struct notes {
  std::vector<std::string> dropped;
  std::vector<std::string> warnings;

  /// Something of the source won't be in the result.
  void drop(const std::string& what, const std::string& why);
  void drop(const stream_info& stream, const std::string& why);

  /// Something is other than one might expect.
  void warn(const std::string& line);
};

} // namespace troupe
