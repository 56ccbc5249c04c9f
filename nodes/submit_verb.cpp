#include "nodes/submit_verb.hpp"

#include <algorithm>

#include "encode/validate.hpp"
#include "nodes/job_file.hpp"
#include "nodes/job_following.hpp"
#include "nodes/output_pattern.hpp"

namespace troupe {

namespace {

constexpr size_t most_key_bytes = 200;

constexpr std::string_view examples =
    "Paths are root:/path, as the nodes know them; a local path is translated "
    "when it lies beneath a root of the node's file that --config names. In "
    "OUTPUT, {stem}, {name}, {ext} and {dir} stand for parts of the input, "
    "{height} for a rendition's height.\n\n"
    "  troupe submit media:/film.mkv -o media:/film.mp4\n"
    "  troupe submit media:/a.mkv media:/b.mkv -o 'media:/out/{stem}.mp4'\n"
    "  troupe submit --job jobs.json --wait --json";

/// What became of handing several jobs in.
struct handed_in {
  std::vector<job_id> ids;
  failure refused; ///< the first that was; those behind it weren't tried
};

handed_in hand_in(const command_context& context,
                  const std::vector<job_request>& jobs) {
  handed_in result;
  for (const auto& job : jobs) {
    auto id = context.client.submit(job);
    if (id) {
      result.ids.push_back(*id);
      continue;
    }
    result.refused = id.error();
    if (result.ids.empty())
      break; // whoever hears of it says so
    context.out.complain(result.refused);
    context.out.say("handed in before that: "
                    + std::to_string(result.ids.size()) + " of "
                    + std::to_string(jobs.size()));
    break;
  }
  return result;
}

/// The jobs as they stand, without waiting for anything.
followed_jobs jobs_now(const command_context& context,
                       const std::vector<job_id>& ids) {
  followed_jobs result;
  for (const auto& id : ids) {
    auto report = context.client.job(id);
    if (!report) {
      result.status = fail(context.out, report.error(), false);
      break;
    }
    result.reports.push_back(std::move(*report));
  }
  return result;
}

int print_ids(command_output& out, const std::vector<job_id>& ids) {
  std::string text;
  for (const auto& id : ids)
    text += to_string(id) + '\n';
  return print(out, text);
}

} // namespace

outcome<std::vector<job_request>>
requests_for(const std::vector<std::string>& inputs, const job_options& options,
             const std::string& key) {
  if (inputs.empty())
    return failure{ec::usage, "INPUT", "is missing",
                   "say submit INPUT... -o OUTPUT, or --job FILE"};
  if (inputs.size() > 1 && !names_input(options.output))
    return failure{ec::usage, "--output",
                   "all of the " + std::to_string(inputs.size())
                       + " inputs would make the same file",
                   "say what differs: {stem}, {name} or {dir}"};
  if (inputs.size() > 1 && !key.empty())
    return failure{ec::usage, "--job-key", "one key means one job",
                   "hand the inputs in one by one, or as --job FILE"};
  if (key.size() > most_key_bytes)
    return failure{ec::usage, "--job-key", "is too long",
                   "200 bytes are allowed"};
  std::vector<job_request> result;
  for (const auto& input : inputs) {
    auto spec = read_job(options, input);
    if (!spec)
      return spec.error();
    spec->output = output_for(spec->output, input);
    result.push_back({std::move(*spec), key});
  }
  return result;
}

outcome<void> prepare(job_request& request, const local_roots& roots) {
  auto& spec = request.spec;
  for (auto [option, path] :
       {std::pair{"INPUT", &spec.input}, std::pair{"--output", &spec.output}}) {
    auto translated = to_cluster_path(option, *path, roots);
    if (!translated)
      return translated.error();
    *path = std::move(*translated);
  }
  return validate(spec);
}

void submit_verb::add_to(CLI::App& verb) {
  verb.footer(std::string{examples});
  verb.add_option("INPUT", inputs_, "Files to encode, a job for each")
      ->type_name("");
  verb.add_option("--job", file_,
                  "JSON file with a job, or an array of jobs, in place of "
                  "INPUT and options")
      ->type_name("FILE");
  verb.add_option("--job-key", key_,
                  "Of your choice: what is handed in again with the same key "
                  "is the same job")
      ->type_name("TEXT");
  verb.add_flag("--wait", wait_, "Follows the jobs to their end");
  verb.add_flag("--json", json_,
                "Prints the jobs' documents; an array for several");
  add_job_options(verb, job_);
}

outcome<std::vector<job_request>> submit_verb::requests() const {
  if (file_.empty())
    return requests_for(inputs_, job_, key_);
  if (!inputs_.empty() || !key_.empty() || job_ != job_options{})
    return failure{ec::usage, "--job", "its file says what is to be done",
                   "leave INPUT, --job-key and the options of a job away"};
  return read_job_file(file_);
}

int submit_verb::run(const command_context& context) const {
  auto jobs = requests();
  if (!jobs)
    return fail(context.out, jobs.error(), json_);
  for (auto& job : *jobs)
    if (auto fine = prepare(job, context.roots); !fine)
      return fail(context.out, fine.error(), json_);
  auto given = hand_in(context, *jobs);
  if (given.ids.empty())
    return fail(context.out, given.refused, json_);
  auto status = exit_status(given.refused.code);
  if (!json_)
    status = std::max(status, print_ids(context.out, given.ids));
  if (!json_ && !wait_)
    return status;
  auto found = wait_ ? follow_jobs(context, given.ids, {})
                     : jobs_now(context, given.ids);
  status = std::max(status, found.status);
  if (!json_ || found.reports.empty())
    return status;
  auto document =
      jobs->size() > 1 ? to_array(found.reports) : to_json(found.reports[0]);
  return std::max(status, print(context.out, to_text(document)));
}

} // namespace troupe
