#include "nodes/job_verb.hpp"

#include "nodes/cluster_text.hpp"
#include "nodes/job_lookup.hpp"

namespace troupe {

void job_verb::add_to(CLI::App& verb) {
  verb.add_option("ID", ids_, "Jobs, or at least 4 characters of their ids")
      ->type_name("")
      ->required();
  verb.add_flag("--json", json_,
                "Prints a JSON document; an array for several jobs");
}

int job_verb::run(const command_context& context) const {
  auto& out = context.out;
  auto ids = look_up_jobs(context.client, ids_);
  if (!ids)
    return fail(out, ids.error(), json_);
  std::vector<job_report> jobs;
  for (const auto& id : *ids) {
    auto job = context.client.job(id);
    if (!job)
      return fail(out, job.error(), json_);
    jobs.push_back(std::move(*job));
  }
  if (json_)
    return print(out, to_text(jobs.size() == 1 ? to_json(jobs.front())
                                               : to_array(jobs)));
  std::string text;
  for (const auto& job : jobs)
    text += (text.empty() ? "" : "\n") + job_text(job, out.data_traits());
  return print(out, text);
}

} // namespace troupe
