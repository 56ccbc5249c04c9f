#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "nodes/interrupts.hpp"
#include "nodes/json.hpp"
#include "nodes/log.hpp"
#include "nodes/standard_streams.hpp"
#include "nodes/terminal.hpp"
#include "nodes/verb_table.hpp"
#include "nodes/version.hpp"

namespace troupe {

namespace {

/// Whoever wanted a document gets one, even where the words made no sense to
/// the parser.
bool wants_json(int argc, char** argv) {
  return std::find(argv, argv + argc, std::string_view{"--json"})
         != argv + argc;
}

/// What `--help` or `--version` print; "" for a usage error.
std::string asked_text(const CLI::App& app, const CLI::ParseError& what) {
  if (dynamic_cast<const CLI::CallForHelp*>(&what) != nullptr)
    return app.help();
  if (dynamic_cast<const CLI::CallForVersion*>(&what) != nullptr)
    return std::string{what.what()} + '\n';
  return "";
}

/// Help and version are data, whatever else stops the parser is our usage
/// error; CLI11's own exit codes would mean other things to scripts.
int end_of_parsing(const CLI::App& app, const CLI::ParseError& what,
                   bool as_json, terminal& screen) {
  auto text = asked_text(app, what);
  auto status = exit_status(ec::none);
  if (text.empty()) {
    auto verbs = app.get_subcommands();
    auto verb = verbs.empty() ? "" : ' ' + verbs.front()->get_name();
    failure error{ec::usage, "command line", what.what(),
                  "see troupe" + verb + " --help"};
    screen.complain(error);
    status = exit_status(ec::usage);
    if (as_json)
      text = to_text(to_json(error));
  }
  auto printed = write_stdout(text);
  if (printed)
    return status;
  screen.complain(printed.error());
  return exit_status(printed.error().code);
}

int run(int argc, char** argv) {
  auto screen = std::make_shared<terminal>();
  CLI::App app{"A company of actors that encode video.", "troupe"};
  app.set_version_flag("--version", std::string{"troupe "} + version);
  app.require_subcommand(1);
  // So that -v may stand behind the verb too.
  app.fallthrough();
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "Says on standard error what it does");
  auto verbs = add_verbs(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& what) {
    return end_of_parsing(app, what, wants_json(argc, argv), *screen);
  }
  log_to(screen, verbose);
  // Before the first other thread.
  interrupts signals;
  auto typed = std::find_if(verbs.begin(), verbs.end(), [](const auto& verb) {
    return verb.app->parsed();
  });
  // The parser takes no line without one.
  return typed->run(verb_context{screen, signals});
}

} // namespace

} // namespace troupe

int main(int argc, char** argv) {
  troupe::occupy_standard_streams();
  return troupe::run(argc, argv);
}
