#include "nodes/migrate_verb.hpp"

#include "nodes/job_lookup.hpp"
#include "nodes/order_report.hpp"

namespace troupe {

void migrate_verb::add_to(CLI::App& verb) {
  verb.add_option("ID", ids_, "Jobs, or at least 4 characters of their ids")
      ->type_name("")
      ->required();
  verb.add_option("--to", to_, "The node that is to run them")
      ->type_name("NODE")
      ->required();
  verb.add_flag("--json", json_, "Prints a JSON document");
}

int migrate_verb::run(const command_context& context) const {
  auto ids = look_up_jobs(context.client, ids_);
  if (!ids)
    return fail(context.out, ids.error(), json_);
  order_report report{context.out, "id"};
  for (const auto& id : *ids)
    report.add(to_string(id), context.client.migrate(id, to_),
               "moves to " + to_);
  return report.finish(json_);
}

} // namespace troupe
