#include "nodes/order_verbs.hpp"

#include <algorithm>

#include "nodes/job_lookup.hpp"
#include "nodes/order_report.hpp"

namespace troupe {

namespace {

std::string_view done(job_order what) {
  switch (what) {
    case job_order::cancel:
      return "cancelled";
    case job_order::pause:
      return "paused";
    case job_order::resume:
      return "resumed";
    case job_order::retry:
      return "queued again";
    default:
      return "deleted";
  }
}

/// What to say of an order that was taken. A pause lets tasks end that run, so
/// only the job itself tells whether it is one already.
std::string_view what_became(const command_context& context, job_order what,
                             const job_id& id) {
  if (what != job_order::pause)
    return done(what);
  auto report = context.client.job(id);
  return report && report->state == job_state::paused
             ? done(what)
             : "pauses once its running tasks are done";
}

} // namespace

void job_order_verb::add_to(CLI::App& verb) {
  verb.add_option("ID", ids_, "Jobs, or at least 4 characters of their ids")
      ->type_name("")
      ->required();
  verb.add_flag("--json", json_, "Prints a JSON document");
}

int job_order_verb::run(const command_context& context) const {
  auto ids = look_up_jobs(context.client, ids_);
  if (!ids)
    return fail(context.out, ids.error(), json_);
  order_report report{context.out, "id"};
  for (const auto& id : *ids) {
    auto taken = context.client.order(what_, id);
    report.add(to_string(id), taken,
               taken ? what_became(context, what_, id) : "");
  }
  return report.finish(json_);
}

void node_order_verb::add_to(CLI::App& verb) {
  verb.add_option("NODE", nodes_, "Names of nodes")->type_name("")->required();
  verb.add_flag("--json", json_, "Prints a JSON document");
}

int node_order_verb::run(const command_context& context) const {
  order_report report{context.out, "name"};
  for (const auto& node : nodes_)
    report.add(node, context.client.order(what_, node),
               what_ == node_order::drain ? "drains" : "takes tasks again");
  return report.finish(json_);
}

} // namespace troupe
