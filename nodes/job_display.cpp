#include "nodes/job_display.hpp"

#include <string>

#include "nodes/job_ids.hpp"
#include "nodes/job_summary.hpp"

namespace troupe {

namespace {

std::string label(const job_report& report) {
  return report.spec.name + " (" + short_id(report.id) + ')';
}

} // namespace

job_display::~job_display() {
  out_.clear();
}

/// One job in the place of all, for the live line: how far they are.
job_report job_display::all_of_them() const {
  job_report result;
  result.state = job_state::running;
  for (const auto& [id, x] : jobs_)
    result.progress += (x.ended ? 1 : x.share) / static_cast<double>(count_);
  return result;
}

void job_display::show_end(const job_report& report) {
  if (report.state != job_state::completed) {
    auto error = report.error;
    if (count_ > 1)
      error.subject = label(report) + ": " + error.subject;
    return out_.complain(error);
  }
  if (count_ > 1)
    return out_.say(label(report) + ": completed");
  for (const auto& line : summary_of(report))
    out_.say(line);
}

void job_display::show(const job_report& report) {
  auto& job = jobs_[report.id];
  job.share = report.progress;
  if (is_final(report.state)) {
    if (count_ == 1)
      out_.clear();
    if (!job.ended)
      show_end(report);
    job.ended = true;
    if (count_ == 1)
      return;
  }
  if (out_.traits().live)
    out_.show(live_line(count_ == 1 ? report : all_of_them(), out_.columns(),
                        out_.traits()));
  else if (!job.ended && job.pacer.is_due(report, line_pacer::clock::now()))
    out_.say(count_ == 1 ? plain_line(report)
                         : label(report) + ": " + plain_line(report));
}

} // namespace troupe
