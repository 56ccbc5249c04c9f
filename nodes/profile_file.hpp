#pragma once

#include <optional>
#include <string>

#include "messages/outcome.hpp"
#include "messages/profile.hpp"

namespace troupe {

/// What a profile depends on: while this text stays the same, what was found
/// out stays true.
/// @param troupe version
/// @param extent of the search: "full"
std::string profile_key(const std::string& troupe, const std::string& extent,
                        const std::vector<library_version>& libraries,
                        const cpu_info& cpu,
                        const std::vector<std::string>& gpus);

/// Reads a profile that was kept under this key; nothing when there is none,
/// another one, or something that can't be read.
std::optional<profile> read_profile(const std::string& file,
                                    const std::string& key);

/// Keeps a profile; what was there before goes.
outcome<void> write_profile(const std::string& file, const std::string& key,
                            const profile& what);

} // namespace troupe
