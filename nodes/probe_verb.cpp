#include "nodes/probe_verb.hpp"

#include <chrono>
#include <memory>

#include <caf/event_based_actor.hpp>

#include "messages/types.hpp"
#include "nodes/json.hpp"
#include "nodes/latest.hpp"
#include "nodes/local_node.hpp"
#include "nodes/probe_text.hpp"
#include "nodes/standard_streams.hpp"

namespace troupe {

namespace {

using answer = latest<outcome<profile>>;

/// Many encoders, each tried at several sizes; slow machines need a while.
constexpr std::chrono::minutes probe_deadline{10};

/// Asks the CAPABILITY_PROBE and hands its answer to the thread that waits.
/// Ends with the probe, which leaves requests without an answer when it ends.
void ask(caf::event_based_actor* self, const capability_probe_actor& probe,
         const std::shared_ptr<answer>& to) {
  self->monitor(probe);
  self->set_down_handler([=](const caf::down_msg&) {
    to->put(failure{ec::worker_lost, "probe", "it ended without an answer",
                    "try again"});
    self->quit();
  });
  self->request(probe, probe_deadline, atom::describe_v)
      .then([=](const profile& machine) { to->put(machine); },
            [=](const caf::error& error) { to->put(from_caf(error)); });
}

outcome<profile> describe_machine(const verb_context& context) {
  local_node node{node_settings{}};
  auto found = std::make_shared<answer>();
  // Leaving takes the node down, and with it the sessions that still probe.
  interrupt_listener listener{
      context.signals, [found](int) {
        found->put(failure{ec::cancelled, "probe", "interrupted", ""});
      }};
  node.system().spawn(ask, node.probe(), found);
  return found->take();
}

} // namespace

CLI::App& probe_verb::add_to(CLI::App& app) {
  auto& verb =
      *app.add_subcommand("probe", "Shows what this machine can encode");
  verb.add_flag("--json", json, "Prints a JSON document");
  return verb;
}

int probe_verb::run(const verb_context& context) const {
  auto& screen = *context.screen;
  if (screen.traits().live)
    screen.show("trying every encoder, which can take a minute ...");
  auto machine = describe_machine(context);
  screen.clear();
  if (!machine) {
    screen.complain(machine.error());
    return exit_status(machine.error().code);
  }
  auto text = json ? to_text(to_json(*machine))
                   : probe_text(*machine, screen.traits().utf8);
  auto printed = write_stdout(text);
  if (!printed)
    screen.complain(printed.error());
  return exit_status(printed.error().code);
}

} // namespace troupe
