#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include <histedit.h>

#include "nodes/completion.hpp"
#include "nodes/interrupts.hpp"

namespace troupe {

/// What a line editor asks its owner for; called on the thread that reads.
struct line_editor_hooks {
  std::function<std::string()> prompt;
  std::function<completions(std::string_view line_to_cursor)> complete;
};

/// Lines typed at a terminal, with history, completion, and room for what
/// happens meanwhile.
class line_editor {
public:
  enum class ending : uint8_t {
    line = 1,    ///< a line was typed
    dropped = 2, ///< Ctrl-C: it was dropped
    leave = 3,   ///< Ctrl-D, a signal that ends programs, the terminal is gone
  };

  /// @param signals those that are kept back; SIGWINCH must be blocked, too
  /// @param history_file "" for none; the file is kept from others
  line_editor(const interrupts& signals, line_editor_hooks hooks,
              std::string history_file);

  ~line_editor();

  line_editor(const line_editor&) = delete;
  line_editor& operator=(const line_editor&) = delete;

  /// Lets a line be typed, without the end of line.
  ending read(std::string& line);

  /// Shows a line of text above the one that is being typed, now or when the
  /// next is; from any thread. Old ones make room when there are too many.
  void notify(std::string text);

private:
  static int get_character(EditLine* editor, wchar_t* to);
  static unsigned char complete_word(EditLine* editor, int key);
  static char* prompt(EditLine* editor);

  bool wait_for_key();
  void handle_signal();
  void show_notices();
  unsigned char offer(const completions& found);
  void remember(const std::string& line);

  line_editor_hooks hooks_;
  std::string history_file_;
  std::string prompt_;
  int signal_descriptor_ = -1;
  int notice_descriptor_ = -1; ///< readable while there are notices
  ending ending_ = ending::line;
  std::mutex mutex_;
  std::deque<std::string> notices_;
  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
};

/// Where the shell keeps its history: below XDG_STATE_HOME, or .local/state of
/// the home; "" when there is neither. Arguments may be null.
std::string history_path(const char* xdg_state_home, const char* home);

} // namespace troupe
