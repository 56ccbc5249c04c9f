#include "nodes/check_config_verb.hpp"

#include "config/node_file.hpp"
#include "nodes/config_text.hpp"
#include "nodes/json.hpp"
#include "nodes/printable.hpp"
#include "nodes/standard_streams.hpp"

namespace troupe {

CLI::App& check_config_verb::add_to(CLI::App& app) {
  auto& verb = *app.add_subcommand(
      "check-config", "Explains every mistake of a node's configuration");
  verb.add_option("FILE", file, "The node's TOML file")
      ->type_name("")
      ->required();
  verb.add_option("--set", overrides, "As for troupe node, over the file")
      ->type_name("SECTION.KEY=VALUE")
      ->expected(1)
      ->take_all();
  verb.add_flag("--json", json, "Prints a JSON document");
  return verb;
}

int check_config_verb::run(const verb_context& context) const {
  auto& screen = *context.screen;
  auto reading = read_node_file(file, overrides, config_checks::disk);
  for (const auto& error : reading.mistakes)
    screen.say(to_string(error));
  for (const auto& warning : reading.warnings)
    screen.say("warning: " + warning);
  auto ok = reading.mistakes.empty();
  std::string text;
  if (json)
    text = to_text(to_json(file, reading));
  else if (ok)
    text = printable(file + ": ok: " + config_summary(reading.settings)) + '\n';
  if (auto printed = write_stdout(text); !printed) {
    screen.complain(printed.error());
    return exit_status(printed.error().code);
  }
  return exit_status(ok ? ec::none : ec::bad_config);
}

} // namespace troupe
