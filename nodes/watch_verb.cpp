#include "nodes/watch_verb.hpp"

#include "nodes/cluster_watching.hpp"
#include "nodes/job_following.hpp"
#include "nodes/job_lookup.hpp"
#include "nodes/live_screen.hpp"

namespace troupe {

void watch_verb::add_to(CLI::App& verb) {
  verb.footer("Ends with the jobs that are named, with their exit status; else "
              "with Ctrl-C, or q where it fills the screen. Jobs go on "
              "whatever becomes of their watchers.");
  verb.add_option("ID", ids_, "Jobs, or at least 4 characters of their ids")
      ->type_name("");
  verb.add_flag("--json", json_,
                "Prints a JSON document per change, one a line");
}

int watch_verb::run(const command_context& context) const {
  auto& out = context.out;
  if (ids_.empty() && !json_ && out.data_traits().live
      && live_screen::possible())
    return show_cluster(context, false);
  if (ids_.empty())
    return follow_cluster(context, json_);
  auto ids = look_up_jobs(context.client, ids_);
  if (!ids)
    return fail(out, ids.error(), json_);
  auto as_line = [&](const job_report& report) {
    return json_ ? print(out, to_line(to_json(report))) : 0;
  };
  return follow_jobs(context, *ids, as_line).status;
}

} // namespace troupe
