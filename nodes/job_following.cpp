#include "nodes/job_following.hpp"

#include <algorithm>
#include <map>

#include "nodes/job_display.hpp"
#include "nodes/job_follower.hpp"

namespace troupe {

namespace {

void tell_why(command_output& out, const failure& error,
              const std::vector<job_id>& ids) {
  if (error.code != ec::cancelled)
    return out.complain(error);
  out.say(ids.size() == 1
              ? "stopped watching; the job goes on, and cancel "
                    + to_string(ids.front()) + " ends it"
              : "stopped watching; the jobs go on, and cancel ends them");
}

} // namespace

followed_jobs
follow_jobs(const command_context& context, const std::vector<job_id>& ids,
            const std::function<int(const job_report&)>& on_report) {
  followed_jobs result;
  std::map<job_id, job_report> newest;
  {
    job_follower follower{context.client, ids};
    job_display display{context.out, ids.size()};
    while (!follower.done() && result.status == 0) {
      auto report = follower.next();
      if (!report) {
        context.out.clear();
        tell_why(context.out, report.error(), ids);
        result.status = exit_status(report.error().code);
        break;
      }
      display.show(*report);
      if (on_report)
        result.status = on_report(*report);
      newest[report->id] = std::move(*report);
    }
  }
  for (const auto& id : ids)
    if (auto found = newest.find(id); found != newest.end())
      result.reports.push_back(found->second);
  if (result.status == 0)
    for (const auto& x : result.reports)
      result.status = std::max(result.status, exit_status(x.error.code));
  return result;
}

} // namespace troupe
