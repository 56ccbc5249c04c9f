#include "nodes/caps_verb.hpp"

#include "nodes/probe_text.hpp"

namespace troupe {

void caps_verb::add_to(CLI::App& verb) {
  verb.add_option("NODE", node_, "Name of a node")->type_name("")->required();
  verb.add_flag("--json", json_, "Prints a JSON document");
}

int caps_verb::run(const command_context& context) const {
  auto& out = context.out;
  auto machine = context.client.caps(node_);
  if (!machine)
    return fail(out, machine.error(), json_);
  return print(out, json_ ? to_text(to_json(*machine))
                          : probe_text(*machine, out.data_traits().utf8));
}

} // namespace troupe
