#include "nodes/command.hpp"

#include <algorithm>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "nodes/caps_verb.hpp"
#include "nodes/job_verb.hpp"
#include "nodes/jobs_verb.hpp"
#include "nodes/logs_verb.hpp"
#include "nodes/migrate_verb.hpp"
#include "nodes/nodes_verb.hpp"
#include "nodes/order_verbs.hpp"
#include "nodes/submit_verb.hpp"
#include "nodes/top_verb.hpp"
#include "nodes/watch_verb.hpp"

namespace troupe {

namespace {

template <class T, auto... Arguments>
std::unique_ptr<command> make() {
  return std::make_unique<T>(Arguments...);
}

} // namespace

const std::vector<command_entry>& commands() {
  using enum completion;
  static const std::vector<command_entry> all{
      {"submit",
       "Hands in jobs for the cluster",
       file,
       {{"--job", file}},
       make<submit_verb>},
      {"jobs",
       "Lists jobs",
       nothing,
       {{"--state", job_state}},
       make<jobs_verb>},
      {"job", "Shows how jobs stand", job, {}, make<job_verb>},
      {"watch", "Follows a job, or all of them", job, {}, make<watch_verb>},
      {"logs", "Prints what happened to a job", job, {}, make<logs_verb>},
      {"cancel",
       "Ends jobs; nothing is left of what they were making",
       job,
       {},
       make<job_order_verb, job_order::cancel>},
      {"pause",
       "Lets running tasks finish and starts nothing new",
       job,
       {},
       make<job_order_verb, job_order::pause>},
      {"resume",
       "Goes on with paused jobs",
       job,
       {},
       make<job_order_verb, job_order::resume>},
      {"retry",
       "Queues ended jobs that did not complete again",
       job,
       {},
       make<job_order_verb, job_order::retry>},
      {"delete",
       "Removes ended jobs and what is kept of them; not their outputs",
       job,
       {},
       make<job_order_verb, job_order::forget>},
      {"migrate",
       "Has a job's tasks run on one node only",
       job,
       {{"--to", node}},
       make<migrate_verb>},
      {"nodes", "Lists the nodes", nothing, {}, make<nodes_verb>},
      {"caps", "Shows what a node can encode", node, {}, make<caps_verb>},
      {"drain",
       "Gives nodes no new tasks",
       node,
       {},
       make<node_order_verb, node_order::drain>},
      {"undrain",
       "Gives nodes tasks again; also ends a quarantine",
       node,
       {},
       make<node_order_verb, node_order::undrain>},
      {"top",
       "Shows nodes and running jobs, live",
       nothing,
       {},
       make<top_verb>},
  };
  return all;
}

const command_entry* find_command(std::string_view name) {
  const auto& all = commands();
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) {
    return entry.name == name;
  });
  return found == all.end() ? nullptr : &*found;
}

int run_command(const command_entry& entry, std::vector<std::string> words,
                const command_context& context) {
  auto as_json = std::find(words.begin(), words.end(), "--json") != words.end();
  CLI::App app{entry.summary, entry.name};
  auto typed = entry.make();
  typed->add_to(app);
  // CLI11 takes them from the back.
  std::reverse(words.begin(), words.end());
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return print(context.out, app.help());
  } catch (const CLI::ParseError& what) {
    return fail(
        context.out,
        {ec::usage, entry.name, what.what(), "see " + entry.name + " --help"},
        as_json);
  }
  return typed->run(context);
}

} // namespace troupe
