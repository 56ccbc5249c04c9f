#include "nodes/jobs_verb.hpp"

#include <array>

#include "config/quantities.hpp"
#include "nodes/cluster_text.hpp"
#include "nodes/job_lookup.hpp"

namespace troupe {

namespace {

constexpr uint64_t default_limit = 1000;
constexpr uint64_t largest_limit = 1'000'000;

outcome<std::optional<job_state>> read_state(const std::string& text) {
  if (text.empty())
    return std::optional<job_state>{};
  std::string allowed;
  for (auto state :
       {job_state::queued, job_state::planning, job_state::running,
        job_state::assembling, job_state::verifying, job_state::paused,
        job_state::completed, job_state::failed, job_state::cancelled}) {
    if (text == to_string(state))
      return std::optional{state};
    allowed += (allowed.empty() ? "" : ", ") + std::string{to_string(state)};
  }
  return failure{ec::usage, "--state", '"' + text + "\" is no state",
                 "allowed are " + allowed};
}

/// Active ones first, then those that ended, up to the limit.
outcome<std::vector<job_summary>> rows(cluster_client& client, bool active,
                                       bool ended, size_t limit,
                                       std::optional<job_state> state) {
  auto wanted = [&](const job_summary& x) {
    return !state || x.state == *state;
  };
  std::vector<job_summary> result;
  for (bool which : {false, true}) {
    if (which ? !ended : !active)
      continue;
    auto some = list_jobs(client, which, limit - result.size(), wanted);
    if (!some)
      return some;
    result.insert(result.end(), some->begin(), some->end());
  }
  return result;
}

} // namespace

void jobs_verb::add_to(CLI::App& verb) {
  verb.add_flag("--all", all_, "Those that ended, too, newest first");
  verb.add_option("--state", state_, "Only those in this state")
      ->type_name("STATE");
  verb.add_option("--limit", limit_, "So many at most (1000)")->type_name("N");
  verb.add_flag("--json", json_, "Prints a JSON document");
}

int jobs_verb::run(const command_context& context) const {
  auto& out = context.out;
  auto state = read_state(state_);
  if (!state)
    return fail(out, state.error(), json_);
  outcome<uint64_t> limit{default_limit};
  if (limit_)
    limit = parse_count("--limit", *limit_, 1, largest_limit);
  if (!limit)
    return fail(out, limit.error(), json_);
  auto ended = *state ? is_final(**state) : all_;
  auto active = !*state || !is_final(**state);
  // One more tells whether there are more.
  auto jobs = rows(context.client, active, ended, *limit + 1, *state);
  if (!jobs)
    return fail(out, jobs.error(), json_);
  if (jobs->size() > *limit) {
    jobs->pop_back();
    out.say("there are more; --limit shows them");
  }
  if (json_)
    return print(out, to_text(to_array(*jobs)));
  if (jobs->empty())
    out.say(all_ || *state ? "no jobs"
                           : "no jobs that run or wait; --all shows others");
  return print(out, jobs_text(*jobs, out.data_traits()));
}

} // namespace troupe
