#include "nodes/ca_verb.hpp"

#include <chrono>

#include "config/quantities.hpp"
#include "nodes/json.hpp"
#include "nodes/printable.hpp"
#include "nodes/readable.hpp"
#include "nodes/standard_streams.hpp"

namespace troupe {

namespace {

uint64_t unix_ms(std::chrono::system_clock::time_point x) {
  auto since = x.time_since_epoch();
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

std::string as_document(const issued_certificate& made) {
  return to_text(json{{"certificate", made.certificate},
                      {"key", made.key},
                      {"expires", iso_time(unix_ms(made.expires))}});
}

std::string as_text(const issued_certificate& made) {
  return printable("certificate " + made.certificate) + '\n'
         + printable("key         " + made.key) + '\n' + "expires     "
         + iso_time(unix_ms(made.expires)) + '\n';
}

} // namespace

CLI::App& ca_verb::add_to(CLI::App& app) {
  auto& verb = *app.add_subcommand(
      "ca", "Makes a cluster's CA and the certificates of its nodes");
  verb.require_subcommand(1);
  init = verb.add_subcommand("init", "Makes ca.pem and ca.key in a folder");
  init->add_option("--name", name,
                   "Name of the CA, for people (troupe cluster)")
      ->type_name("NAME");
  add_common(*init);
  issue = verb.add_subcommand(
      "issue", "Makes NAME.pem and NAME.key for a node or a client");
  issue->add_option("NAME", node, "Name of the node or client")
      ->type_name("")
      ->required();
  add_common(*issue);
  return verb;
}

void ca_verb::add_common(CLI::App& verb) {
  verb.add_option("--dir", folder, "Folder of the CA")
      ->type_name("DIR")
      ->required();
  verb.add_option("--days", days,
                  "How long it is valid (3650 for a CA, 825 for others)")
      ->type_name("N");
  verb.add_flag("--json", json, "Prints a JSON document");
}

outcome<issued_certificate> ca_verb::make() const {
  uint32_t valid_days = init->parsed() ? authority_days : leaf_days;
  if (!days.empty()) {
    auto count = parse_count("--days", days, 1, most_certificate_days);
    if (!count)
      return count.error();
    valid_days = static_cast<uint32_t>(*count);
  }
  auto now = std::chrono::system_clock::now();
  if (init->parsed())
    return init_authority(folder, name, valid_days, now);
  return issue_certificate(folder, node, valid_days, now);
}

int ca_verb::run(const verb_context& context) const {
  auto& screen = *context.screen;
  auto made = make();
  if (!made) {
    screen.complain(made.error());
    if (json)
      if (auto printed = write_stdout(to_text(to_json(made.error()))); !printed)
        screen.complain(printed.error());
    return exit_status(made.error().code);
  }
  auto printed = write_stdout(json ? as_document(*made) : as_text(*made));
  if (!printed)
    screen.complain(printed.error());
  return exit_status(printed.error().code);
}

} // namespace troupe
