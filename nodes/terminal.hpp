#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "messages/failure.hpp"

namespace troupe {

/// What standard error can show.
struct terminal_traits {
  bool live = false;  ///< a line can be redrawn in place
  bool utf8 = false;  ///< takes more than ASCII
  bool color = false; ///< may be sent colours

  friend bool operator==(const terminal_traits&,
                         const terminal_traits&) = default;
};

/// The environment that terminals are described by; null when not set.
struct terminal_environment {
  const char* term = nullptr;     ///< TERM
  const char* no_color = nullptr; ///< NO_COLOR; set and not empty means no
  const char* lc_all = nullptr;   ///< LC_ALL
  const char* lc_ctype = nullptr; ///< LC_CTYPE
  const char* lang = nullptr;     ///< LANG
};

/// This process's own.
terminal_environment read_environment();

/// Decides what can be shown; `is_terminal` is isatty's answer.
terminal_traits find_traits(bool is_terminal, const terminal_environment& x);

/// The text in a colour, which stands as in ESC [ sgr m; as it is where there
/// are no colours or `sgr` is "".
std::string colored(std::string_view sgr, std::string_view text, bool color);

/// Standard error as people see it: messages, and on a terminal one live line
/// below them that is redrawn. Messages may come from any thread. What is
/// written has gone through `printable`, so that no file name or tag can speak
/// to the terminal.
class terminal {
public:
  /// Looks at standard error and the environment.
  terminal();

  ~terminal();

  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  const terminal_traits& traits() const { return traits_; }

  /// The terminal's width right now; 80 when there is none to ask.
  uint32_t columns() const;

  /// Writes a line of text, made printable.
  void say(std::string_view text);

  /// Writes "troupe: SUBJECT: CAUSE; ADVICE".
  void complain(const failure& error);

  /// Redraws the live line; only where traits().live. `rendered` may hold
  /// colours and is written as it is.
  void show(const std::string& rendered);

  /// Removes the live line.
  void clear();

private:
  void write_out(std::string_view text);
  void erase_live_line();

  terminal_traits traits_;
  std::mutex mutex_;
  std::string shown_; ///< the live line; "" when there is none
};

} // namespace troupe
