#include "nodes/verb_table.hpp"

#include "nodes/ca_verb.hpp"
#include "nodes/check_config_verb.hpp"
#include "nodes/encode_verb.hpp"
#include "nodes/inspect_verb.hpp"
#include "nodes/probe_verb.hpp"

namespace troupe {

std::vector<verb_row> add_verbs(CLI::App& app) {
  return {
      add_verb<encode_verb>(app),
      add_verb<inspect_verb>(app),
      add_verb<probe_verb>(app),
      add_verb<check_config_verb>(app),
      add_verb<ca_verb>(app),
  };
}

} // namespace troupe
