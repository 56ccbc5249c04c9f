#pragma once

#include <set>
#include <string>
#include <vector>

#include "encode/encoders.hpp"

namespace troupe {

/// Those of the encoders that a session must open before its sandbox closes.
inline std::set<std::string>
encoders_to_warm(const std::vector<std::string>& encoders) {
  std::set<std::string> result;
  for (const auto& name : encoders)
    if (auto entry = find_video_encoder(name); entry && entry->needs_warming)
      result.insert(name);
  return result;
}

} // namespace troupe
