#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/plan.hpp"
#include "messages/report.hpp"

namespace troupe {

/// A planned stream beside what was read and what came out.
struct matched_stream {
  const stream_plan& plan;
  bool changes_rate = false;            ///< frames are repeated or left out
  const stream_tally* source = nullptr; ///< null when it wasn't read
  const stream_tally* result = nullptr; ///< null when it isn't there
};

/// "video stream 0 (h264)"
std::string describe(const stream_tally& tally);

// Each adds a line for people, with numbers, to `wrong` for what shows that the
// result is not its source, and to `warnings` for what damage explains.

/// Stream there at all, with the planned codec and the source's language.
void check_presence(const matched_stream& match, std::string_view container,
                    std::vector<std::string>& wrong,
                    std::vector<std::string>& warnings);

/// As many pictures as in the source, unless the plan changes their number.
void check_frames(const matched_stream& match, std::vector<std::string>& wrong,
                  std::vector<std::string>& warnings);

/// As long as in the source, as far as containers can say it.
void check_duration(const matched_stream& match,
                    std::vector<std::string>& wrong,
                    std::vector<std::string>& warnings);

/// Picture and sound as far apart as in the source, at the start and, where
/// pictures come at a constant rate, at the end.
/// @param streams those with times on both sides
void check_sync(const std::vector<matched_stream>& streams,
                std::vector<std::string>& wrong,
                std::vector<std::string>& warnings);

} // namespace troupe
