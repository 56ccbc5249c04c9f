#include "nodes/node_verb.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "config/node_file.hpp"
#include "nodes/cluster_node.hpp"
#include "nodes/end_watch.hpp"
#include "nodes/log.hpp"
#include "nodes/post_box.hpp"
#include "nodes/version.hpp"

namespace troupe {

namespace {

/// Of a node that can't be. What another node has, a data-dir or the role of
/// the coordinator, is a matter of configuration: starting it again won't help.
int status_of(const failure& error) {
  return exit_status(error.code == ec::conflict ? ec::bad_config : error.code);
}

/// A defect made the node end; EX_SOFTWARE.
constexpr int failed_status = 70;

struct signal_event {
  int number = 0;
};

using event = std::variant<node_event, signal_event>;
using event_box = post_box<event>;

/// What happens to a running node until it ends.
class node_run {
public:
  node_run(cluster_node& node, const node_settings& settings)
      : node_(node), settings_(settings) {}

  /// @returns the exit status once the node must end
  std::optional<int> take(const event& what) { return std::visit(*this, what); }

  std::optional<int> operator()(const node_event& what) {
    switch (what.what) {
      case node_event::kind::joined:
        joined(what.cluster);
        return std::nullopt;
      case node_event::kind::left:
        return 0;
      case node_event::kind::gave_up:
        return status_of(what.why);
      case node_event::kind::failed:
        spdlog::critical("this node ends: {}", to_string(what.why));
        return failed_status;
    }
    return std::nullopt;
  }

  std::optional<int> operator()(const signal_event& what) {
    constexpr int killed = 128; // as a shell reports a signal
    if (std::exchange(leaving_, true))
      return killed + what.number;
    std::chrono::duration<double> limit{settings_.drain_timeout_s};
    spdlog::info("told to end; a second signal ends it at once");
    node_.leave(std::chrono::ceil<std::chrono::milliseconds>(limit));
    return std::nullopt;
  }

private:
  void joined(const std::string& cluster) {
    if (std::exchange(ready_, true))
      return;
    spdlog::info("node {} listens on {}, member of the cluster of {}",
                 settings_.name, to_string(node_.address()), cluster);
  }

  cluster_node& node_;
  const node_settings& settings_;
  bool ready_ = false;
  bool leaving_ = false;
};

int run_node(const node_settings& settings, const verb_context& context) {
  auto events = std::make_shared<event_box>();
  auto node = cluster_node::start(
      settings, version, [events](const node_event& x) { events->put(x); });
  if (!node) {
    context.screen->complain(node.error());
    return status_of(node.error());
  }
  interrupt_listener listener{
      context.signals, [events](int x) { events->put(signal_event{x}); }};
  node_run life{**node, settings};
  for (;;) {
    auto status = life.take(events->take());
    if (!status)
      continue;
    // Nothing that hangs may keep the process.
    end_watch watch{*status};
    (*node).reset();
    return *status;
  }
}

} // namespace

CLI::App& node_verb::add_to(CLI::App& app) {
  auto& verb = *app.add_subcommand("node", "Runs a node of a cluster");
  verb.footer("SIGTERM lets running tasks end, or hands them back after "
              "[node] drain-timeout; a second one doesn't wait.\n\n"
              "  troupe node --config /etc/troupe/alpha.toml\n"
              "  troupe node --config beta.toml --set node.port=7401");
  verb.add_option("--config", config, "The node's file (TOML)")
      ->type_name("FILE");
  verb.add_option("--set", overrides,
                  "Puts a value over that of the file; may be repeated")
      ->type_name("SECTION.KEY=VALUE")
      ->allow_extra_args(false);
  return verb;
}

int node_verb::run(const verb_context& context) const {
  auto& screen = *context.screen;
  auto reading = read_node_file(config, overrides, config_checks::disk);
  for (const auto& mistake : reading.mistakes)
    screen.complain(mistake);
  if (!reading.mistakes.empty())
    return exit_status(reading.mistakes.front().code);
  log_node_to(context.screen);
  for (const auto& warning : reading.warnings)
    spdlog::warn("{}", warning);
  return run_node(reading.settings, context);
}

} // namespace troupe
