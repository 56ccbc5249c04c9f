#include "nodes/client_verb.hpp"

#include "nodes/command_output.hpp"
#include "nodes/live_screen.hpp"

namespace troupe {

namespace {

/// That there is a coordinator is no news to somebody who asked it one thing.
link_listener tell_of_absence(const std::shared_ptr<terminal>& screen) {
  return [screen](const link_news& news) {
    if (news.what != link_news::kind::found && !live_screen::is_shown())
      screen->say(to_string(news));
  };
}

} // namespace

client_verb::client_verb(const command_entry& entry)
    : entry_(entry), command_(entry.make()) {}

CLI::App& client_verb::add_to(CLI::App& app) {
  auto& verb = *app.add_subcommand(entry_.name, entry_.summary);
  command_->add_to(verb);
  add_connection_options(verb, connection_);
  app_ = &verb;
  return verb;
}

int client_verb::run(const verb_context& context) const {
  process_output out{context.screen};
  auto settings = read_connection_settings(connection_, out);
  if (!settings) {
    auto* flag = app_->get_option_no_throw("--json");
    return fail(out, settings.error(), flag != nullptr && flag->count() > 0);
  }
  client_connection connection{*settings, tell_of_absence(context.screen)};
  auto& client = connection.client();
  interrupt_listener listener{context.signals,
                              [&client](int) { client.interrupt(); }};
  return command_->run({client, out, settings->where.roots});
}

} // namespace troupe
