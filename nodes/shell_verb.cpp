#include "nodes/shell_verb.hpp"

#include <atomic>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>

#include <pthread.h>
#include <unistd.h>

#include "nodes/cluster_names.hpp"
#include "nodes/line_editor.hpp"
#include "nodes/live_screen.hpp"
#include "nodes/shell.hpp"

namespace troupe {

namespace {

/// Where news of the cluster go: above the line that is being typed, or as
/// lines among those of the verb that runs.
class news_board {
public:
  explicit news_board(std::shared_ptr<terminal> screen)
      : screen_(std::move(screen)) {}

  void tell(const link_news& news) {
    std::lock_guard guard{mutex_};
    if (editor_ != nullptr)
      editor_->notify(to_string(news));
    else if (!live_screen::is_shown())
      screen_->say(to_string(news));
  }

  /// From now on an editor shows them; null: lines again.
  void show_above(line_editor* editor) {
    std::lock_guard guard{mutex_};
    editor_ = editor;
  }

private:
  std::mutex mutex_;
  std::shared_ptr<terminal> screen_;
  line_editor* editor_ = nullptr;
};

/// Runs lines so that Ctrl-C ends what a line does and not the shell.
class guarded_shell {
public:
  /// @param is_script whether Ctrl-C ends it after all
  guarded_shell(const command_context& context, const interrupts& signals,
                bool is_script)
      : client_(context.client), signals_(signals), is_script_(is_script),
        shell_(context) {}

  void run(const std::string& line) {
    interrupt_listener listener{signals_, [this](int signal) {
                                  if (signal != SIGINT || is_script_)
                                    ended_ = true;
                                  client_.interrupt();
                                }};
    shell_.run(line);
    client_.forgive();
  }

  /// True after `quit`, or a signal that ends programs.
  bool left() const { return shell_.left() || ended_; }

  int status() const {
    return ended_ ? exit_status(ec::cancelled) : shell_.status();
  }

private:
  cluster_client& client_;
  const interrupts& signals_;
  bool is_script_;
  shell shell_;
  std::atomic<bool> ended_{false};
};

/// The next line of standard input; a signal meanwhile ends the process, as
/// nothing is at work then.
bool next_line(const interrupts& signals, std::string& line) {
  interrupt_listener listener{signals,
                              [](int) { _exit(exit_status(ec::cancelled)); }};
  return static_cast<bool>(std::getline(std::cin, line));
}

int run_script(guarded_shell& lines, const interrupts& signals) {
  std::string line;
  while (!lines.left() && next_line(signals, line))
    lines.run(line);
  return lines.status();
}

std::string prompt_of(const cluster_client& client) {
  auto address = client.address();
  return address.empty() ? "troupe (no cluster)> " : "troupe " + address + "> ";
}

int run_prompt(guarded_shell& lines, const command_context& context,
               const interrupts& signals, news_board& news) {
  cluster_names names{context.client};
  completion_sources sources{[&] { return names.nodes(); },
                             [&] { return names.jobs(); }};
  line_editor editor{
      signals,
      {[&] { return prompt_of(context.client); },
       [&](std::string_view line) {
         return complete(line, shell::builtins(), sources);
       }},
      history_path(std::getenv("XDG_STATE_HOME"), std::getenv("HOME"))};
  while (!lines.left()) {
    std::string line;
    news.show_above(&editor);
    auto ending = editor.read(line);
    news.show_above(nullptr);
    if (ending == line_editor::ending::leave)
      break;
    if (ending == line_editor::ending::line)
      lines.run(line);
  }
  return 0;
}

/// Before any other thread, so that all keep it back for the line editor.
void block_resizes() {
  sigset_t resizes;
  sigemptyset(&resizes);
  sigaddset(&resizes, SIGWINCH);
  pthread_sigmask(SIG_BLOCK, &resizes, nullptr);
}

} // namespace

CLI::App& shell_verb::add_to(CLI::App& app) {
  auto& verb = *app.add_subcommand(
      "shell", "Takes the verbs of clients interactively, or as a script");
  verb.footer("Where standard input is no terminal, every line is run, those "
              "behind one that failed, too; the exit status is that of the "
              "last that failed.");
  add_connection_options(verb, connection_);
  return verb;
}

int shell_verb::run(const verb_context& context) const {
  process_output out{context.screen};
  auto settings = read_connection_settings(connection_, out);
  if (!settings)
    return fail(out, settings.error(), false);
  auto interactive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  // What is typed is text of the user's locale.
  std::setlocale(LC_CTYPE, "");
  block_resizes();
  news_board news{context.screen};
  client_connection connection{*settings, [&](const link_news& x) {
                                 if (interactive
                                     || x.what != link_news::kind::found)
                                   news.tell(x);
                               }};
  command_context commands{connection.client(), out, settings->where.roots};
  guarded_shell lines{commands, context.signals, !interactive};
  return interactive ? run_prompt(lines, commands, context.signals, news)
                     : run_script(lines, context.signals);
}

} // namespace troupe
