#include "nodes/verb_table.hpp"

#include "nodes/ca_verb.hpp"
#include "nodes/check_config_verb.hpp"
#include "nodes/client_verb.hpp"
#include "nodes/command.hpp"
#include "nodes/encode_verb.hpp"
#include "nodes/inspect_verb.hpp"
#include "nodes/node_verb.hpp"
#include "nodes/probe_verb.hpp"
#include "nodes/shell_verb.hpp"

namespace troupe {

std::vector<verb_row> add_verbs(CLI::App& app) {
  std::vector<verb_row> result{
      add_verb<encode_verb>(app),       add_verb<inspect_verb>(app),
      add_verb<node_verb>(app),         add_verb<probe_verb>(app),
      add_verb<check_config_verb>(app), add_verb<ca_verb>(app),
      add_verb<shell_verb>(app),
  };
  for (const auto& entry : commands())
    result.push_back(add_verb<client_verb>(app, entry));
  return result;
}

} // namespace troupe
