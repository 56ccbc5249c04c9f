#include "nodes/nodes_verb.hpp"

#include "nodes/cluster_text.hpp"

namespace troupe {

void nodes_verb::add_to(CLI::App& verb) {
  verb.add_flag("--json", json_, "Prints a JSON document");
}

int nodes_verb::run(const command_context& context) const {
  auto& out = context.out;
  auto nodes = context.client.nodes();
  if (!nodes)
    return fail(out, nodes.error(), json_);
  return print(out, json_ ? to_text(to_array(*nodes))
                          : nodes_text(*nodes, out.data_traits()));
}

} // namespace troupe
