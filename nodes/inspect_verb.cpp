#include "nodes/inspect_verb.hpp"

#include "nodes/inspect_session.hpp"
#include "nodes/inspect_text.hpp"
#include "nodes/json.hpp"
#include "nodes/standard_streams.hpp"

namespace troupe {

CLI::App& inspect_verb::add_to(CLI::App& app) {
  auto& verb = *app.add_subcommand(
      "inspect", "Shows streams, codecs, duration, metadata of a file");
  verb.add_option("FILE", file, "File to look at")->type_name("")->required();
  verb.add_flag("--json", json, "Prints a JSON document");
  return verb;
}

int inspect_verb::run(const verb_context& context) const {
  auto& screen = *context.screen;
  session_limits limits;
  limits.nice = 0; // somebody waits for the answer
  inspect_session session{
      session::make_starter(session::default_session_program()), limits};
  interrupt_listener listener{context.signals,
                              [&session](int) { session.cancel(); }};
  auto found = session.inspect(file);
  if (!found) {
    screen.complain(found.error());
    return exit_status(found.error().code);
  }
  auto text = json ? to_text(to_json(file, *found))
                   : inspect_text(file, *found, screen.traits().utf8);
  auto printed = write_stdout(text);
  if (!printed)
    screen.complain(printed.error());
  return exit_status(printed.error().code);
}

} // namespace troupe
