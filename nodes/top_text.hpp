#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/failure.hpp"
#include "messages/job.hpp"
#include "messages/member.hpp"
#include "nodes/terminal.hpp"

namespace troupe {

/// A cluster at one moment, as `top` shows it.
struct cluster_view {
  std::string coordinator; ///< HOST:PORT; "" while there is none
  std::vector<member> nodes;
  bool lists_nodes = true;       ///< else they are only counted
  std::vector<job_summary> jobs; ///< those that haven't ended
  failure
      error; ///< why the rest is older than it should be; code none: it isn't
};

/// Size and abilities of where it is shown.
struct view_size {
  uint32_t columns = 80;
  uint32_t rows = 24;
};

/// The lines of `top`: a headline, the nodes unless there are none, and the
/// jobs, those that run first. None is wider than the screen, and there are no
/// more than it has rows; what is left out is counted.
std::vector<std::string> top_lines(const cluster_view& view,
                                   const view_size& size,
                                   const terminal_traits& traits);

} // namespace troupe
