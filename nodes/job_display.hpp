#pragma once

#include <map>
#include <vector>

#include "messages/job.hpp"
#include "nodes/command_output.hpp"
#include "nodes/progress_line.hpp"

namespace troupe {

/// Shows people how jobs go: a live line on a terminal, else lines now and
/// then; and how they ended. Lines about one of several begin with its name.
class job_display {
public:
  /// @param count of jobs that will be shown
  job_display(command_output& out, size_t count) : out_(out), count_(count) {}

  /// Removes the live line.
  ~job_display();

  job_display(const job_display&) = delete;
  job_display& operator=(const job_display&) = delete;

  /// Shows the newest of a job.
  void show(const job_report& report);

private:
  struct progress {
    line_pacer pacer;
    double share = 0;
    bool ended = false;
  };

  void show_end(const job_report& report);
  job_report all_of_them() const;

  command_output& out_;
  size_t count_;
  std::map<job_id, progress> jobs_;
};

} // namespace troupe
