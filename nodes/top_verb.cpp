#include "nodes/top_verb.hpp"

#include <limits>

#include "nodes/cluster_watching.hpp"
#include "nodes/live_screen.hpp"

namespace troupe {

void top_verb::add_to(CLI::App& verb) {
  verb.footer(
      "q or Ctrl-C leaves it. Where standard output is no terminal, the "
      "cluster is shown once.");
  verb.add_flag("--json", json_, "Prints nodes and jobs once, as a document");
}

int top_verb::run(const command_context& context) const {
  auto& out = context.out;
  auto traits = out.data_traits();
  if (!json_ && traits.live && live_screen::possible())
    return show_cluster(context, true);
  cluster_view view;
  refresh(context.client, view);
  if (view.error.code != ec::none)
    return fail(out, view.error, json_);
  if (json_)
    return print(out, to_text({{"nodes", to_array(view.nodes)},
                               {"jobs", to_array(view.jobs)}}));
  constexpr auto whole = std::numeric_limits<uint32_t>::max();
  std::string text;
  for (const auto& line : top_lines(view, {whole, whole}, traits))
    text += line + '\n';
  return print(out, text);
}

} // namespace troupe
