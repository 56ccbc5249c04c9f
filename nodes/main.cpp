#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "nodes/encode_verb.hpp"
#include "nodes/inspect_verb.hpp"
#include "nodes/interrupts.hpp"
#include "nodes/log.hpp"
#include "nodes/probe_verb.hpp"
#include "nodes/standard_streams.hpp"
#include "nodes/terminal.hpp"

namespace troupe {

namespace {

/// Help and version are data, whatever else stops the parser is our usage
/// error; CLI11's own exit codes would mean other things to scripts.
int end_of_parsing(const CLI::App& app, const CLI::ParseError& what,
                   terminal& screen) {
  std::string text;
  if (dynamic_cast<const CLI::CallForHelp*>(&what) != nullptr)
    text = app.help();
  else if (dynamic_cast<const CLI::CallForVersion*>(&what) != nullptr)
    text = std::string{what.what()} + '\n';
  if (text.empty()) {
    auto verbs = app.get_subcommands();
    auto verb = verbs.empty() ? "" : ' ' + verbs.front()->get_name();
    screen.complain({ec::usage, "command line", what.what(),
                     "see troupe" + verb + " --help"});
    return exit_status(ec::usage);
  }
  auto printed = write_stdout(text);
  if (!printed)
    screen.complain(printed.error());
  return exit_status(printed.error().code);
}

int run(int argc, char** argv) {
  auto screen = std::make_shared<terminal>();
  CLI::App app{"A company of actors that encode video.", "troupe"};
  app.set_version_flag("--version", "troupe " TROUPE_VERSION);
  app.require_subcommand(1);
  // So that -v may stand behind the verb too.
  app.fallthrough();
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "Says on standard error what it does");
  encode_verb encode;
  inspect_verb inspect;
  probe_verb probe;
  auto& encode_app = encode.add_to(app);
  auto& inspect_app = inspect.add_to(app);
  probe.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& what) {
    return end_of_parsing(app, what, *screen);
  }
  log_to(screen, verbose);
  // Before the first other thread.
  interrupts signals;
  verb_context context{screen, signals};
  if (encode_app.parsed())
    return encode.run(context);
  if (inspect_app.parsed())
    return inspect.run(context);
  return probe.run(context);
}

} // namespace

} // namespace troupe

int main(int argc, char** argv) {
  troupe::occupy_standard_streams();
  return troupe::run(argc, argv);
}
