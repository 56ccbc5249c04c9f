#include "nodes/job_summary.hpp"

#include <spdlog/fmt/fmt.h>

#include "nodes/readable.hpp"

namespace troupe {

std::vector<std::string> summary_of(const job_report& report) {
  std::vector<std::string> lines;
  const auto& result = report.result;
  for (const auto& x : result.outputs) {
    auto line = x.path + ": " + readable_size(x.size_bytes);
    if (x.width != 0 && x.height != 0)
      line += fmt::format(", {}x{}", x.width, x.height);
    lines.push_back(std::move(line));
  }
  auto speed =
      fmt::format("{} of media in {}", readable_duration(result.duration_s),
                  readable_duration(result.wall_s));
  if (result.speed > 0)
    speed += fmt::format(", {:.{}f}x", result.speed, result.speed < 10 ? 2 : 1);
  if (result.frames > 0 && result.fps > 0)
    speed += fmt::format(", {:.0f} fps", result.fps);
  lines.push_back(std::move(speed));
  for (const auto& x : result.dropped)
    lines.push_back("dropped: " + x);
  for (const auto& x : result.warnings)
    lines.push_back("warning: " + x);
  return lines;
}

} // namespace troupe
